import type { Conflict } from '../sdk/domain/answer';
import type { Rejection } from '../sdk/domain/replica';
import type { Model } from './model';

/** What a person has to know and can put away: edits that were refused, and edits that met another device's. */
export function Notices({ model }: { model: Model }) {
  const rejections = model.replica.value?.rejections ?? [];
  const conflicts = model.replica.value?.conflicts ?? [];
  return (
    <div class="notices" role="status">
      {rejections.map((rejection) => (
        <RejectionNotice
          key={rejection.change.mutation_id}
          rejection={rejection}
          onDismiss={() => model.dismissRejection(rejection.change.mutation_id)}
        />
      ))}
      {conflicts.length > 0 && <ConflictsNotice model={model} conflicts={conflicts} />}
    </div>
  );
}

function RejectionNotice({ rejection, onDismiss }: { rejection: Rejection; onDismiss: () => void }) {
  const { content } = rejection.change;
  return (
    <div class="notice">
      <p>An edit could not be stored: {rejection.detail || rejection.code}</p>
      {content !== undefined && <blockquote dir="auto">{content}</blockquote>}
      <button type="button" class="quiet" onClick={onDismiss}>
        Dismiss
      </button>
    </div>
  );
}

function ConflictsNotice({ model, conflicts }: { model: Model; conflicts: readonly Conflict[] }) {
  return (
    <div class="notice">
      <p>Edited on two devices at once:</p>
      <ul>
        {conflicts.map((conflict) => (
          <li key={`${conflict.at} ${conflict.field}`} dir="auto">
            {conflictText(conflict, model.tasks.value.find((task) => task.id === conflict.id)?.content)}
          </li>
        ))}
      </ul>
      <button type="button" class="quiet" onClick={() => model.dismissConflicts()}>
        Dismiss
      </button>
    </div>
  );
}

function conflictText({ field, kept, discarded }: Conflict, content: string | undefined): string {
  if (field === 'content') return `“${kept.value}” was kept, “${discarded.value}” is in the history.`;
  const name = content === undefined ? 'A task' : `“${content}”`;
  if (field === 'deleted_at')
    return kept.value === null ? `${name} was kept, not deleted.` : `${name} was deleted.`;
  const state = { completed: ['open', 'completed'], pinned: ['not pinned', 'pinned'] }[field];
  return `${name} is ${state[Number(kept.value)]}.`;
}
