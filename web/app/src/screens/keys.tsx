import { useSignal } from '@preact/signals';
import type { Model } from '../model/model';
import type { Preferences } from '../model/preferences';
import { Sheet } from '../parts/sheet';

const KEYS: readonly (readonly [string, readonly string[]])[] = [
  ['Add a task', ['n']],
  ['Search', ['/']],
  ['Up and down the list', ['↑', '↓', 'k', 'j']],
  ['First, last task', ['Home', 'End']],
  ['Edit the text', ['Enter', 'e']],
  ['Done, or open again', ['Space']],
  ['Pin', ['p']],
  ['Details and history', ['h']],
  ['Delete', ['Delete', 'Backspace']],
  ['Undo a deletion', ['Ctrl+Z']],
  ['Close, leave a field', ['Esc']],
  ['These keys', ['?']],
];

export function KeysScreen({ model, preferences }: { model: Model; preferences: Preferences }) {
  const letters = useSignal(preferences.letters);
  return (
    <Sheet model={model} title="Keys">
      <table class="keys">
        <thead class="hidden">
          <tr>
            <th scope="col">What</th>
            <th scope="col">Keys</th>
          </tr>
        </thead>
        <tbody>
          {KEYS.map(([what, keys]) => (
            <tr key={what}>
              <th scope="row">{what}</th>
              <td>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <label class="check">
        <input
          type="checkbox"
          checked={letters.value}
          onChange={(event) => {
            preferences.letters = event.currentTarget.checked;
            letters.value = preferences.letters;
          }}
        />
        Letters work everywhere in the page, not only in the list
      </label>
    </Sheet>
  );
}
