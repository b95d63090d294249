import type { HistoryEntry, Task } from '@tidemark/sdk';
import { now } from '../model/clock';
import type { Model } from '../model/model';
import { goToList } from '../model/navigation';
import { Button } from '../parts/button';
import { Loading, useLoaded } from '../parts/load';
import { Sheet } from '../parts/sheet';
import { ConflictCard } from '../parts/troubles';
import { useTextEdit } from '../parts/use-text-edit';
import { historyWords } from '../words/history';
import { whenText } from '../words/when';

/** One task with its whole text, what became of it, and what it was before. */
export function TaskScreen({ model, id }: { model: Model; id: string }) {
  // Read so that this is drawn again when they change.
  model.tasks.value;
  model.deletedTasks.value;
  const task = model.manager.tasks().get(id) ?? model.manager.deletedTasks().get(id);
  return (
    <Sheet model={model} title="Task">
      {task ? <Details model={model} task={task} /> : <p class="empty">This task is not here any more.</p>}
      <Conflicts model={model} id={id} />
      <History model={model} id={id} task={task} />
    </Sheet>
  );
}

function Details({ model, task }: { model: Model; task: Task }) {
  const deleted = task.deleted_at !== null;
  return (
    <section aria-label="The task" class="details">
      <TextForm model={model} task={task} />
      <p class="soft">
        Made {whenText(task.created_at, now.value)}, last edited {whenText(task.updated_at, now.value)}
        {task.pending && ', not sent yet'}
        {task.deleted_at !== null && `, deleted ${whenText(task.deleted_at, now.value)}`}.
      </p>
      <div class="buttons">
        {deleted ? (
          <Button onPress={() => model.restore(task)}>Bring back</Button>
        ) : (
          <>
            <Button onPress={() => model.complete(task, !task.completed)}>
              {task.completed ? 'Open again' : 'Done'}
            </Button>
            <Button onPress={() => model.pin(task, !task.pinned)}>{task.pinned ? 'Unpin' : 'Pin'}</Button>
            <Button
              kind="danger"
              onPress={async () => {
                if (await model.delete(task)) goToList();
              }}
            >
              Delete
            </Button>
          </>
        )}
      </div>
    </section>
  );
}

function TextForm({ model, task }: { model: Model; task: Task }) {
  const edit = useTextEdit(model, task);
  const { typed, fault } = edit;

  async function leaveForm(event: FocusEvent & { currentTarget: HTMLFormElement }) {
    if (event.currentTarget.contains(event.relatedTarget as Node | null)) return;
    if (typed.peek().trim() === '') edit.revert(task.content);
    else await edit.save();
  }

  return (
    <form
      class="task-text"
      // Where a clicked button gets no focus, the form does: the person has not left it.
      tabindex={-1}
      onSubmit={(event) => {
        event.preventDefault();
        void edit.save();
      }}
      onFocusOut={(event) => void leaveForm(event)}
    >
      <label for="task-text">Text</label>
      <textarea
        id="task-text"
        rows={4}
        dir="auto"
        readonly={task.deleted_at !== null}
        value={typed.value}
        aria-invalid={fault.value !== ''}
        aria-describedby="task-text-error"
        onInput={(event) => edit.type(event.currentTarget.value)}
      />
      {edit.isChangedElsewhere(task.content) && (
        <p class="elsewhere">
          Changed on another device meanwhile: <q dir="auto">{task.content}</q> If you save, that text is in
          the history.
        </p>
      )}
      <p id="task-text-error" class="error" role="alert">
        {fault.value}
      </p>
      {edit.differs() && (
        <div class="buttons">
          <button type="submit" class="primary" aria-disabled={fault.value !== ''}>
            Save
          </button>
          <Button onPress={() => edit.revert(task.content)}>Cancel</Button>
        </div>
      )}
    </form>
  );
}

function Conflicts({ model, id }: { model: Model; id: string }) {
  const conflicts = model.conflicts.value.filter((conflict) => conflict.id === id);
  if (conflicts.length === 0) return null;
  return (
    <section aria-labelledby="task-conflicts">
      <h3 id="task-conflicts">Two versions</h3>
      {conflicts.map((conflict) => (
        <ConflictCard key={`${conflict.at} ${conflict.field}`} model={model} conflict={conflict} />
      ))}
    </section>
  );
}

function History({ model, id, task }: { model: Model; id: string; task: Task | undefined }) {
  const { loggedIn, syncedAt } = model.status.value;
  const history = useLoaded(() => historyOf(model, id), `${id} ${syncedAt}`);
  if (!loggedIn) return null;
  return (
    <section aria-labelledby="history-heading">
      <h3 id="history-heading">History</h3>
      <Loading of={history}>
        {(entries) =>
          entries.length === 0 ? (
            <p class="soft">There is no earlier version. Those of the last 90 days are kept.</p>
          ) : (
            <ol class="plain-list history">
              {entries.map((entry) => (
                <Entry
                  key={`${entry.at} ${entry.field} ${entry.version}`}
                  entry={entry}
                  model={model}
                  task={task}
                />
              ))}
            </ol>
          )
        }
      </Loading>
    </section>
  );
}

// A task that was never overwritten has none, and one that was not sent yet neither.
async function historyOf(model: Model, id: string): Promise<readonly HistoryEntry[]> {
  try {
    return await model.manager.history(id);
  } catch (error) {
    if ((error as { code?: string }).code === 'not_found') return [];
    throw error;
  }
}

function Entry({ entry, model, task }: { entry: HistoryEntry; model: Model; task: Task | undefined }) {
  const { text, content } = historyWords(entry, model.status.value.deviceId);
  const canUse = content !== null && task && task.deleted_at === null && task.content !== content;
  return (
    <li>
      <p class="when">{whenText(entry.at, now.value)}</p>
      <p>{text}</p>
      {content !== null && <blockquote dir="auto">{content}</blockquote>}
      {canUse && <Button onPress={() => model.edit(task.id, content)}>Use this text</Button>}
    </li>
  );
}
