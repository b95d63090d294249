import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Model } from '../model/model';
import { Button } from '../parts/button';
import { countText } from '../words/count';
import { troubleText } from '../words/trouble';

/** Taking the tasks elsewhere, and from elsewhere. */
export function YourData({ model }: { model: Model }) {
  const picker = useRef<HTMLInputElement>(null);
  const result = useSignal('');
  const trouble = useSignal('');

  async function attempt(act: () => Promise<string>) {
    try {
      result.value = await act();
      trouble.value = '';
    } catch (error) {
      result.value = '';
      trouble.value = troubleText(error, Date.now());
    }
  }

  const exportAll = () =>
    attempt(async () => {
      save(await model.manager.export(), 'tidemark-export.json');
      return 'Exported: all tasks and their history.';
    });
  const exportTasks = () =>
    attempt(async () => {
      save(new Blob([model.manager.exportTasks()], { type: 'application/x-ndjson' }), 'tidemark-tasks.jsonl');
      return 'Saved: the tasks of this device.';
    });
  const importFile = (file: File) =>
    attempt(async () => `${countText(await model.manager.importTasks(await file.text()), 'task')} added.`);

  return (
    <section aria-labelledby="data-heading">
      <h3 id="data-heading">Your data</h3>
      <p class="soft">
        Everything with its history from the service, or the tasks as they are on this device.
      </p>
      <div class="buttons">
        {model.status.value.loggedIn && <Button onPress={exportAll}>Export everything</Button>}
        <Button onPress={exportTasks}>Export the tasks here</Button>
        <Button onPress={() => picker.current?.click()}>Import…</Button>
      </div>
      <input
        ref={picker}
        class="hidden"
        type="file"
        tabindex={-1}
        aria-label="A file of exported tasks"
        accept=".json,.jsonl,application/json"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file) void importFile(file);
        }}
      />
      <p class="good" role="status">
        {result.value}
      </p>
      <p class="error" role="alert">
        {trouble.value}
      </p>
    </section>
  );
}

const KEPT_MS = 60_000;

function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}
