import type { Model } from '../model/model';
import { countText, shortText } from '../words/count';
import { Button } from './button';
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
      onMouseLeave={({ currentTarget }) => {
        if (!currentTarget.contains(document.activeElement)) model.undo.resume();
      }}
      onFocusIn={() => model.undo.pause()}
      onFocusOut={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget as Node | null) && !currentTarget.matches(':hover'))
          model.undo.resume();
      }}
    >
      {text && (
        <div class="undo-card">
          <p dir="auto">{text}</p>
          <Button kind="undo-button" onPress={() => model.undoDelete()}>
            Undo
          </Button>
          <Button kind="icon-button" label="Close" onPress={() => model.undo.dismiss()}>
            <Icon name="close" />
          </Button>
        </div>
      )}
    </div>
  );
}
