import { useLayoutEffect, useRef } from 'preact/hooks';
import type { VisibleTask } from '../sdk/domain/view';
import { NEW_TASK_ID } from './add-form';
import type { Model } from './model';
import { doneId, pinId, removeId, TaskItem } from './task-item';

export function TaskLists({ model }: { model: Model }) {
  const tasks = model.tasks.value;
  const focusOn = useFocusAfterRender();
  const actions = {
    setCompleted(task: VisibleTask, completed: boolean) {
      focusOn(doneId(task.id));
      model.setCompleted(task.id, completed);
    },
    setPinned(task: VisibleTask, pinned: boolean) {
      focusOn(pinId(task.id));
      model.setPinned(task.id, pinned);
    },
    remove(task: VisibleTask) {
      focusOn(afterRemoval(tasks, task));
      model.delete(task.id);
    },
  };
  const list = (some: VisibleTask[]) => (
    <ul class="tasks card">
      {some.map((task) => (
        <TaskItem key={task.id} task={task} actions={actions} />
      ))}
    </ul>
  );
  const open = tasks.filter((task) => !task.completed);
  const done = tasks.filter((task) => task.completed);
  return (
    <>
      <section aria-labelledby="open-heading">
        <h2 id="open-heading">To do{open.length > 0 && <Count of={open.length} />}</h2>
        {open.length > 0 ? list(open) : <p class="empty">{emptyText(model, done.length)}</p>}
      </section>
      {done.length > 0 && (
        <section aria-labelledby="done-heading">
          <h2 id="done-heading">
            Done
            <Count of={done.length} />
          </h2>
          {list(done)}
        </section>
      )}
    </>
  );
}

function Count({ of }: { of: number }) {
  return <span class="count"> {of}</span>;
}

function emptyText(model: Model, done: number): string {
  if (done > 0) return 'All done.';
  const isFirstSync = model.replica.value?.synced_at === null && model.isSyncing.value;
  return isFirstSync ? 'Fetching your tasks…' : 'Nothing here yet. Type your first task above.';
}

// A task that was dealt with moves to another place or goes away: the keyboard must not lose its own.
function useFocusAfterRender(): (elementId: string) => void {
  const wanted = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (wanted.current !== null) document.getElementById(wanted.current)?.focus();
    wanted.current = null;
  });
  return (elementId) => {
    wanted.current = elementId;
  };
}

function afterRemoval(tasks: VisibleTask[], removed: VisibleTask): string {
  const index = tasks.indexOf(removed);
  const neighbour = tasks[index + 1] ?? tasks[index - 1];
  return neighbour ? removeId(neighbour.id) : NEW_TASK_ID;
}
