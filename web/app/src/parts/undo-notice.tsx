import type { Model } from '../model/model';
import { countText, shortText } from '../words/count';
import { Icon } from './icons';

/** What was just deleted, for some seconds; longer while the person is on it. */
export function UndoNotice({ model }: { model: Model }) {
  const deleted = model.undo.deleted.value;
  const first = deleted[0];
  const text =
    deleted.length > 1
      ? `${countText(deleted.length, 'task')} deleted`
      : first && `Deleted: ${shortText(first.content, 40)}`;
  return (
    <div
      role="status"
      class="undo"
      onMouseEnter={() => model.undo.pause()}
      onMouseLeave={() => model.undo.resume()}
      onFocusIn={() => model.undo.pause()}
      onFocusOut={() => model.undo.resume()}
    >
      {text && (
        <div class="undo-card">
          <p dir="auto">{text}</p>
          <button type="button" class="undo-button" onClick={() => void model.undoDelete()}>
            Undo
          </button>
          <button type="button" class="icon-button" aria-label="Close" onClick={() => model.undo.dismiss()}>
            <Icon name="close" />
          </button>
        </div>
      )}
    </div>
  );
}
