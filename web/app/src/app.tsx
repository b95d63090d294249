import { ADD_FIELD } from './list/add-form';
import { commandOf } from './list/keys';
import { placeOf } from './list/place';
import { moveBy } from './list/task-list';
import type { Model } from './model/model';
import { go, route } from './model/navigation';
import type { Preferences } from './model/preferences';
import { AccountScreen } from './screens/account';
import { EntryScreen } from './screens/entry';
import { KeysScreen } from './screens/keys';
import { SyncScreen } from './screens/sync';
import { TaskScreen } from './screens/task';
import { SEARCH_FIELD, TasksScreen } from './screens/tasks';

interface Props {
  readonly model: Model;
  readonly preferences: Preferences;
}

export function App({ model, preferences }: Props) {
  return (
    <>
      {model.entered.value ? (
        <>
          <TasksScreen model={model} />
          <OpenSheet model={model} preferences={preferences} />
        </>
      ) : (
        <EntryScreen model={model} />
      )}
      <p class="hidden" role="status">
        {model.said.value}
      </p>
    </>
  );
}

function OpenSheet({ model, preferences }: Props) {
  const at = route.value;
  switch (at.name) {
    case 'sync':
      return <SyncScreen model={model} />;
    case 'account':
      return <AccountScreen model={model} />;
    case 'keys':
      return <KeysScreen model={model} preferences={preferences} />;
    case 'task':
      return <TaskScreen key={at.id} model={model} id={at.id} />;
    case 'list':
      return null;
  }
}

/** The keys that work wherever the focus is. */
export function startKeys(model: Model, preferences: Preferences): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || !model.entered.peek()) return;
    const target = event.target as Element;
    if (leavesField(event, target, model)) {
      event.preventDefault();
      return;
    }
    const command = commandOf(event, placeOf(target, preferences.letters));
    const acts: Partial<Record<NonNullable<typeof command>, () => void>> = {
      add: () => document.getElementById(ADD_FIELD)?.focus(),
      search: () => document.getElementById(SEARCH_FIELD)?.focus(),
      help: () => go({ name: 'keys' }),
      undo: () => void model.undoDelete(),
      down: () => moveBy(model, 1),
      up: () => moveBy(model, -1),
    };
    const act = command && acts[command];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

// Down leads from the fields above into the list; Escape clears the search, then leads there as well.
function leavesField(event: KeyboardEvent, target: Element, model: Model): boolean {
  if (event.isComposing || (target.id !== SEARCH_FIELD && target.id !== ADD_FIELD)) return false;
  if (event.key === 'ArrowDown') {
    moveBy(model, 1);
    return true;
  }
  if (event.key !== 'Escape') return false;
  if (target.id === SEARCH_FIELD && model.query.peek() !== '') model.query.value = '';
  else moveBy(model, 1);
  return true;
}
