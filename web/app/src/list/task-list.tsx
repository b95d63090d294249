import { useComputed } from '@preact/signals';
import type { Task } from '@tidemark/sdk';
import type { Model } from '../model/model';
import { go } from '../model/navigation';
import { type Row, taskRowAway, taskRowBeside, taskRowNear } from '../model/rows';
import { type Command, commandOf } from './keys';
import { linesOf } from './layout';
import { placeOf } from './place';
import { type TaskActions, TaskItem } from './task-item';
import { VirtualList } from './virtual-list';

const LABELS = { all: 'Tasks', open: 'Tasks to do', done: 'Done tasks', deleted: 'Deleted tasks' } as const;
const HEADING_PX = 52;
const ROW_PX = 24;
const LINE_PX = 24;
const BESIDE_TEXT_PX = 180;

export function TaskList({ model }: { model: Model }) {
  const { rows, tasks } = model.shown.value;
  const inConflict = useComputed(() => new Set(model.conflicts.value.map(({ id }) => id)));
  const actions = actionsOn(model);
  const known = rows.some((row) => row.key === model.active.value) ? model.active.value : null;
  const active = known ?? taskRowNear(rows, 0)?.key ?? null;

  function onKeyDown(event: KeyboardEvent) {
    const command = commandOf(event, placeOf(event.target as Element, true));
    if (command && obey(command, model, actions, keyOf(event.target as Element))) event.preventDefault();
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the rows within.
    <div
      class="tasks"
      onKeyDown={onKeyDown}
      onFocusIn={(event) => {
        const key = keyOf(event.target as Element);
        if (key !== null) model.active.value = key;
      }}
    >
      <VirtualList
        rows={rows}
        label={LABELS[model.filter.value]}
        estimate={estimate}
        kept={[active, model.editing.value, model.wantsFocus.value, model.wantsView.value]}
        wantsFocus={model.wantsFocus}
        wantsView={model.wantsView}
        isSame={isSame}
        attributes={(row) =>
          row.kind === 'heading'
            ? { class: 'heading' }
            : {
                class: row.task.completed ? 'task completed' : 'task',
                'aria-setsize': tasks,
                'aria-posinset': row.position,
              }
        }
        render={(row) =>
          row.kind === 'heading' ? (
            <h2>
              {row.text} <span class="count">{row.count.toLocaleString()}</span>
            </h2>
          ) : (
            <TaskItem
              model={model}
              task={row.task}
              active={row.key === active}
              editing={row.key === model.editing.value}
              inConflict={inConflict.value.has(row.key)}
              actions={actions}
            />
          )
        }
      />
    </div>
  );
}

/** Moves the keyboard by as many tasks; into the list where it is not there yet. */
export function moveBy(model: Model, steps: number): void {
  const { rows } = model.shown.peek();
  const from = rows.findIndex((row) => row.key === model.active.peek());
  const isInside = document.activeElement?.closest('.tasks') != null;
  const row = isInside && from >= 0 ? taskRowAway(rows, from, steps) : taskRowNear(rows, Math.max(0, from));
  if (row) model.wantsFocus.value = row.key;
}

function actionsOn(model: Model): TaskActions {
  const { rows } = model.shown.peek();
  // What is dealt with goes elsewhere: the keyboard goes on with the one that takes its place.
  const goOn = (task: Task) => {
    if (!holdsFocus(task)) return;
    const index = rows.findIndex((row) => row.key === task.id);
    const next = taskRowBeside(rows, index);
    if (next) model.wantsFocus.value = next.key;
  };
  return {
    async complete(task, completed) {
      const done = await model.complete(task, completed);
      if (done) goOn(task);
      return done;
    },
    async pin(task) {
      if ((await model.pin(task, !task.pinned)) && holdsFocus(task)) model.wantsFocus.value = task.id;
    },
    async delete(task) {
      if (await model.delete(task)) goOn(task);
    },
    async restore(task) {
      if (await model.restore(task)) goOn(task);
    },
    edit(task) {
      model.editing.value = task.id;
    },
    editEnded(task, how) {
      model.editing.value = null;
      const focused = document.activeElement;
      if (how === 'saved' || focused === document.body || focused?.closest('.editor')) {
        model.wantsFocus.value = task.id;
      }
    },
  };
}

// The person may be elsewhere by the time that something is stored.
function holdsFocus(task: Task): boolean {
  const focused = document.activeElement;
  return !focused || focused === document.body || keyOf(focused) === task.id;
}

function obey(command: Command, model: Model, actions: TaskActions, key: string | null): boolean {
  const { rows } = model.shown.peek();
  const row = rows.find((one) => one.key === key);
  const task = row?.kind === 'task' ? row.task : null;
  switch (command) {
    case 'down':
      moveBy(model, 1);
      return true;
    case 'up':
      moveBy(model, -1);
      return true;
    case 'first':
      moveBy(model, -rows.length);
      return true;
    case 'last':
      moveBy(model, rows.length);
      return true;
    default:
      return task !== null && task.deleted_at === null && obeyOn(task, command, actions);
  }
}

function obeyOn(task: Task, command: Command, actions: TaskActions): boolean {
  switch (command) {
    case 'edit':
      actions.edit(task);
      return true;
    case 'pin':
      actions.pin(task);
      return true;
    case 'delete':
      actions.delete(task);
      return true;
    case 'details':
      go({ name: 'task', id: task.id });
      return true;
    default:
      return false;
  }
}

function keyOf(target: Element): string | null {
  return target.closest<HTMLElement>('[data-key]')?.dataset.key ?? null;
}

function estimate(row: Row, width: number): number {
  if (row.kind === 'heading') return HEADING_PX;
  return ROW_PX + LINE_PX * linesOf(row.task.content, width - BESIDE_TEXT_PX);
}

function isSame(a: Row, b: Row): boolean {
  return a.kind === 'task' && b.kind === 'task' && a.task === b.task;
}
