import { useEffect, useState } from 'preact/hooks';
import { ADD_FIELD, AddForm } from '../list/add-form';
import { TaskList } from '../list/task-list';
import type { Model } from '../model/model';
import { go, route } from '../model/navigation';
import type { Filter } from '../model/rows';
import { wordsOf } from '../model/search';
import { Button } from '../parts/button';
import { HeldNotice } from '../parts/held-notice';
import { Icon, Mark } from '../parts/icons';
import { StatusLine } from '../parts/status-line';
import { TroubleNotice } from '../parts/trouble-notice';
import { UndoNotice } from '../parts/undo-notice';
import { newVersion } from '../service-worker';

export const SEARCH_FIELD = 'search';

export function TasksScreen({ model }: { model: Model }) {
  return (
    <div class="page">
      <a class="skip" href={`#${ADD_FIELD}`} onClick={skipToList}>
        Skip to the tasks
      </a>
      <header class="masthead">
        <div class="brand">
          <Mark />
          <h1>Tidemark</h1>
        </div>
        <button
          type="button"
          class="icon-button wide"
          aria-label="Keyboard"
          title="Keys (?)"
          onClick={() => go({ name: 'keys' })}
        >
          <Icon name="keys" />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label="Account"
          title="Account"
          onClick={() => go({ name: 'account' })}
        >
          <Icon name="account" />
        </button>
      </header>
      <main>
        <div class="bar">
          <AddForm model={model} />
        </div>
        <Tools model={model} />
        <Notices model={model} />
        <TaskList model={model} />
        <Emptiness model={model} />
      </main>
      <UndoNotice model={model} />
      <StatusLine model={model} />
    </div>
  );
}

function skipToList(event: MouseEvent): void {
  event.preventDefault();
  document.querySelector<HTMLElement>('.tasks [data-focus][tabindex="0"]')?.focus();
}

const FILTERS: readonly (readonly [Filter, string])[] = [
  ['all', 'All'],
  ['open', 'To do'],
  ['done', 'Done'],
  ['deleted', 'Deleted'],
];

function Tools({ model }: { model: Model }) {
  const { filter, query } = model;
  return (
    <search class="tools">
      <div class="search">
        <label class="hidden" for={SEARCH_FIELD}>
          Search
        </label>
        <Icon name="search" />
        <input
          id={SEARCH_FIELD}
          type="search"
          placeholder="Search"
          autocomplete="off"
          enterkeyhint="search"
          value={query.value}
          onInput={(event) => {
            query.value = event.currentTarget.value;
          }}
        />
      </div>
      <fieldset class="filters">
        <legend class="hidden">Which tasks</legend>
        {FILTERS.map(([name, text]) => (
          <label key={name}>
            <input
              type="radio"
              name="filter"
              checked={filter.value === name}
              onChange={() => {
                filter.value = name;
              }}
            />
            <span>{text}</span>
          </label>
        ))}
      </fieldset>
      <Found model={model} />
    </search>
  );
}

const TYPING_PAUSE_MS = 700;

/** Read out when the person has typed to the end, not at each letter. */
function Found({ model }: { model: Model }) {
  const query = model.shownQuery.value;
  const text = query === '' ? '' : `${model.shown.value.tasks.toLocaleString()} found`;
  const [said, say] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => say(text), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, query]);
  return (
    <p class="hidden" role="status">
      {said}
    </p>
  );
}

function Notices({ model }: { model: Model }) {
  return (
    <>
      {route.value.name === 'list' && <TroubleNotice model={model} />}
      <OrphanNotices model={model} />
      <HeldNotice model={model} />
      {newVersion.value && (
        <div class="notice" role="status">
          <p>A new version of this page is here.</p>
          <button type="button" class="plain small" onClick={() => newVersion.value?.()}>
            Load it
          </button>
        </div>
      )}
    </>
  );
}

function Emptiness({ model }: { model: Model }) {
  if (model.shown.value.tasks > 0) return null;
  return <p class="empty">{emptyText(model)}</p>;
}

function emptyText(model: Model): string {
  const status = model.status.value;
  const filter = model.filter.value;
  if (wordsOf(model.shownQuery.value).length > 0) return 'No task holds these words.';
  if (filter === 'deleted') return 'Nothing was deleted in the last 30 days.';
  if (filter === 'done') return 'Nothing is done yet.';
  if (model.tasks.value.length > 0) return 'All done. Low tide.';
  if (status.syncedAt === 0 && status.loggedIn)
    return status.syncing ? 'Fetching your tasks…' : 'Not fetched yet.';
  return 'Nothing here yet. Type your first task above.';
}

function OrphanNotices({ model }: { model: Model }) {
  return model.orphans.value.map((orphan) => (
    <section key={orphan.id} class="notice" role="alert">
      <p>
        {model.manager.deletedTasks().has(orphan.id)
          ? 'The task that you were editing was deleted on another device. What you typed:'
          : 'This was not saved. What you typed:'}
      </p>
      <blockquote dir="auto">{orphan.content}</blockquote>
      <div class="buttons">
        <Button kind="primary" onPress={() => model.keepOrphan(orphan)}>
          Keep it
        </Button>
        <Button onPress={() => model.dropOrphan(orphan)}>Let it go</Button>
      </div>
    </section>
  ));
}
