import { EntryPage } from './entry-page';
import type { Model } from './model';
import { TasksPage } from './tasks-page';

export function App({ model }: { model: Model }) {
  return model.isLoggedIn.value ? <TasksPage model={model} /> : <EntryPage model={model} />;
}
