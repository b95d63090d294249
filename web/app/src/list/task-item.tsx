import type { Task } from '@tidemark/sdk';
import type { Model } from '../model/model';
import { go } from '../model/navigation';
import { Icon } from '../parts/icons';
import { shortText } from '../words/count';
import { TaskEditor } from './task-editor';

export interface TaskActions {
  /** False: it was not done. */
  complete(task: Task, completed: boolean): Promise<boolean>;
  pin(task: Task): void;
  delete(task: Task): void;
  restore(task: Task): void;
  edit(task: Task): void;
  editEnded(task: Task, how: 'saved' | 'left'): void;
}

interface Props {
  readonly model: Model;
  readonly task: Task;
  /** The one row that the Tab key reaches. */
  readonly active: boolean;
  readonly editing: boolean;
  readonly inConflict: boolean;
  readonly actions: TaskActions;
}

const textId = (task: Task) => `text-${task.id}`;

export function TaskItem(props: Props) {
  const { model, task, active, editing, actions } = props;
  if (task.deleted_at !== null) return <DeletedTask {...props} />;
  const tabindex = active ? 0 : -1;

  // The browser ticks the box by itself; it is to show what is stored.
  async function tick(box: HTMLInputElement) {
    if (!(await actions.complete(task, box.checked))) box.checked = task.completed;
  }

  return (
    <>
      <label class="box">
        <input
          type="checkbox"
          data-focus
          tabindex={tabindex}
          checked={task.completed}
          aria-labelledby={editing ? undefined : textId(task)}
          aria-label={editing ? shortText(task.content) : undefined}
          onChange={(event) => void tick(event.currentTarget)}
        />
      </label>
      {editing ? (
        <TaskEditor model={model} task={task} onEnd={(how) => actions.editEnded(task, how)} />
      ) : (
        <button
          type="button"
          class="text"
          id={textId(task)}
          dir="auto"
          tabindex={-1}
          title="Edit"
          onClick={() => actions.edit(task)}
        >
          <span class="text-lines">{task.content}</span>
        </button>
      )}
      <Marks {...props} />
      {!editing && <Actions task={task} tabindex={tabindex} actions={actions} />}
    </>
  );
}

function Marks({ task, active, inConflict }: Props) {
  return (
    <div class="marks">
      {inConflict && (
        <button
          type="button"
          class="chip"
          tabindex={active ? 0 : -1}
          onClick={() => go({ name: 'task', id: task.id })}
        >
          Two versions
        </button>
      )}
      {task.pending && (
        <span class="unsent" title="Not sent yet">
          <Icon name="waiting" />
          <span class="hidden">Not sent yet</span>
        </span>
      )}
    </div>
  );
}

function Actions({ task, tabindex, actions }: { task: Task; tabindex: number; actions: TaskActions }) {
  const name = shortText(task.content);
  return (
    <div class={task.pinned ? 'actions pinned' : 'actions'}>
      <button
        type="button"
        class="icon-button"
        tabindex={tabindex}
        aria-label={`Details and history: ${name}`}
        title="Details and history (h)"
        onClick={() => go({ name: 'task', id: task.id })}
      >
        <Icon name="details" />
      </button>
      <button
        type="button"
        class="icon-button delete"
        tabindex={tabindex}
        aria-label={`Delete: ${name}`}
        title="Delete (Del)"
        onClick={() => actions.delete(task)}
      >
        <Icon name="trash" />
      </button>
      <button
        type="button"
        class="icon-button pin"
        tabindex={tabindex}
        aria-pressed={task.pinned}
        aria-label={`Pin: ${name}`}
        title={task.pinned ? 'Unpin (p)' : 'Pin to the top (p)'}
        onClick={() => actions.pin(task)}
      >
        <Icon name="pin" />
      </button>
    </div>
  );
}

function DeletedTask({ task, active, actions }: Props) {
  return (
    <>
      <p class="text" id={textId(task)} dir="auto">
        <span class="text-lines">{task.content}</span>
      </p>
      <button
        type="button"
        data-focus
        class="plain small"
        tabindex={active ? 0 : -1}
        aria-label={`Bring back: ${shortText(task.content)}`}
        onClick={() => actions.restore(task)}
      >
        Bring back
      </button>
    </>
  );
}
