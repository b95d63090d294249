import { AddForm } from './add-form';
import { Brand } from './brand';
import type { Model } from './model';
import { Notices } from './notices';
import { SyncBar } from './sync-bar';
import { TaskLists } from './task-lists';

export function TasksPage({ model }: { model: Model }) {
  return (
    <>
      <header>
        <Brand />
        <div class="account">
          <span class="email">{model.account.value?.email}</span>
          <button type="button" class="quiet" onClick={() => model.logout()}>
            Log out
          </button>
        </div>
      </header>
      <main>
        <SyncBar model={model} />
        <Notices model={model} />
        <AddForm onAdd={(content) => model.add(content)} />
        <TaskLists model={model} />
      </main>
    </>
  );
}
