import type { Conflict, Rejection } from '@tidemark/sdk';
import { now } from '../model/clock';
import type { Model } from '../model/model';
import { conflictWords } from '../words/conflict';
import { quoted } from '../words/count';
import { refusedText } from '../words/rejection';
import { whenText } from '../words/when';
import { Button } from './button';

/** Two edits that met, both texts, and one click to take the other. */
export function ConflictCard({ model, conflict }: { model: Model; conflict: Conflict }) {
  const words = conflictWords(conflict, model.status.value.deviceId);
  const content =
    model.manager.tasks().get(conflict.id)?.content ?? model.manager.deletedTasks().get(conflict.id)?.content;
  return (
    <article class="trouble" aria-label={`Conflict: ${quoted(content)}`}>
      {words.kept === null && <h4 dir="auto">{quoted(content)}</h4>}
      <p>{words.text}</p>
      {words.kept !== null && (
        <dl class="versions">
          <dt>Kept</dt>
          <dd dir="auto">{words.kept}</dd>
          <dt>Not kept</dt>
          <dd dir="auto">{words.discarded}</dd>
        </dl>
      )}
      <p class="when">{whenText(conflict.at, now.value)}</p>
      <div class="buttons">
        <Button kind="primary" onPress={() => model.restoreDiscarded(conflict)}>
          {words.restore}
        </Button>
        <Button onPress={() => model.dismissConflict(conflict)}>Leave it as it is</Button>
      </div>
    </article>
  );
}

/** An edit that the service refused for good: the only copy of it is here. */
export function RejectionCard({ model, rejection }: { model: Model; rejection: Rejection }) {
  const { id, fields } = rejection.change;
  const { content } = fields;
  const refused = refusedText(fields);
  const task = model.manager.tasks().get(id) ?? model.manager.deletedTasks().get(id);
  return (
    <article class="trouble" aria-label="An edit that was not accepted">
      <p>
        The service did not accept an edit of {task ? quoted(task.content) : 'a task'}:{' '}
        {rejection.detail || rejection.code}
      </p>
      {refused !== '' && <p>{refused}.</p>}
      {content !== undefined && <blockquote dir="auto">{content}</blockquote>}
      <p class="when">{whenText(rejection.at, now.value)}</p>
      <div class="buttons">
        {content !== undefined && (
          <Button kind="primary" onPress={() => model.takeUpRejected(rejection, content)}>
            Add it as a new task
          </Button>
        )}
        <Button onPress={() => model.dismissRejected(rejection)}>Dismiss</Button>
      </div>
    </article>
  );
}
