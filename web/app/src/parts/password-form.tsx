import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Model } from '../model/model';
import { troubleText } from '../words/trouble';

export function PasswordForm({ model }: { model: Model }) {
  const form = useRef<HTMLFormElement>(null);
  const trouble = useSignal('');
  const done = useSignal(false);
  const busy = useSignal(false);

  async function change(event: SubmitEvent) {
    event.preventDefault();
    if (busy.peek() || !form.current) return;
    const data = new FormData(form.current);
    busy.value = true;
    done.value = false;
    try {
      await model.manager.changePassword(String(data.get('current')), String(data.get('new')));
      trouble.value = '';
      done.value = true;
      form.current?.reset();
    } catch (error) {
      trouble.value = troubleText(error, Date.now());
    } finally {
      busy.value = false;
    }
  }

  return (
    <form ref={form} class="fields" onSubmit={(event) => void change(event)} aria-label="Change the password">
      {/* Tells a password manager whose password it is. */}
      <input type="email" hidden autocomplete="username" value={model.status.value.email} readonly />
      <label for="current-password">Current password</label>
      <input id="current-password" name="current" type="password" autocomplete="current-password" required />
      <label for="new-password">New password</label>
      <input
        id="new-password"
        name="new"
        type="password"
        autocomplete="new-password"
        aria-describedby="password-result"
        required
      />
      <p id="password-result" class={done.value ? 'good' : 'error'} role="alert">
        {done.value ? 'Changed. Your other sessions have ended.' : trouble.value}
      </p>
      <button type="submit" aria-disabled={busy.value}>
        Change the password
      </button>
    </form>
  );
}
