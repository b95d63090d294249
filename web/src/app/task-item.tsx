import type { VisibleTask } from '../sdk/domain/view';

export interface TaskActions {
  setCompleted(task: VisibleTask, completed: boolean): void;
  setPinned(task: VisibleTask, pinned: boolean): void;
  remove(task: VisibleTask): void;
}

export const doneId = (id: string) => `done-${id}`;
export const pinId = (id: string) => `pin-${id}`;
export const removeId = (id: string) => `remove-${id}`;

export function TaskItem({ task, actions }: { task: VisibleTask; actions: TaskActions }) {
  return (
    <li class={task.completed ? 'task completed' : 'task'}>
      <input
        type="checkbox"
        id={doneId(task.id)}
        checked={task.completed}
        onChange={(event) => actions.setCompleted(task, event.currentTarget.checked)}
      />
      <label for={doneId(task.id)} dir="auto">
        {task.content}
      </label>
      {task.isWaiting && (
        <span class="waiting-dot" title="Not synced yet">
          <span class="hidden">(not synced yet)</span>
        </span>
      )}
      <button
        type="button"
        id={pinId(task.id)}
        class="icon-button"
        aria-pressed={task.pinned}
        aria-label={`Pin: ${task.content}`}
        title={task.pinned ? 'Unpin' : 'Pin to the top'}
        onClick={() => actions.setPinned(task, !task.pinned)}
      >
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
          <path d="M9 4h6l-1 6 3 3v2H7v-2l3-3-1-6M12 15v6" />
        </svg>
      </button>
      <button
        type="button"
        id={removeId(task.id)}
        class="icon-button"
        aria-label={`Delete: ${task.content}`}
        title="Delete"
        onClick={() => actions.remove(task)}
      >
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
          <path d="M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5" />
        </svg>
      </button>
    </li>
  );
}
