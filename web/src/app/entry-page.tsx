import { useSignal } from '@preact/signals';
import { ApiError } from '../sdk/transport/errors';
import { Brand } from './brand';
import { editsText, troubleText } from './messages';
import type { Model } from './model';

type Mode = 'login' | 'register';

const words = {
  login: {
    submit: 'Log in',
    question: 'New here?',
    other: 'Create an account',
    autocomplete: 'current-password',
  },
  register: {
    submit: 'Create account',
    question: 'Been here before?',
    other: 'Log in',
    autocomplete: 'new-password',
  },
} as const;

/** The codes that say which of the two fields to look at again. */
const faultyField: Readonly<Record<string, 'email' | 'password'>> = {
  invalid_email: 'email',
  email_taken: 'email',
  weak_password: 'password',
  bad_credentials: 'password',
};

export function EntryPage({ model }: { model: Model }) {
  const mode = useSignal<Mode>('login');
  const error = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const text = words[mode.value];
  const faulty = error.value instanceof ApiError ? faultyField[error.value.code] : undefined;

  async function submit(event: SubmitEvent & { currentTarget: HTMLFormElement }) {
    event.preventDefault();
    if (isBusy.value) return;
    const form = event.currentTarget;
    const data = new FormData(form);
    isBusy.value = true;
    error.value = null;
    try {
      await model[mode.value](String(data.get('email')).trim(), String(data.get('password')));
    } catch (cause) {
      error.value = cause;
      const field = cause instanceof ApiError ? faultyField[cause.code] : undefined;
      if (field) (form.elements.namedItem(field) as HTMLInputElement).focus();
    } finally {
      isBusy.value = false;
    }
  }

  function switchMode() {
    mode.value = mode.value === 'login' ? 'register' : 'login';
    error.value = null;
  }

  return (
    <main class="entry">
      <Brand />
      <p class="motto">Your tasks, the same on every device.</p>
      <EntryNotice model={model} />
      <form class="card" onSubmit={submit} aria-label={text.submit}>
        <label for="email">Email</label>
        <input
          id="email"
          name="email"
          type="email"
          autocomplete="username"
          defaultValue={model.account.value?.email ?? ''}
          aria-invalid={faulty === 'email'}
          aria-describedby="entry-error"
          required
        />
        <label for="password">Password</label>
        <input
          id="password"
          name="password"
          type="password"
          autocomplete={text.autocomplete}
          aria-invalid={faulty === 'password'}
          aria-describedby="entry-error"
          required
        />
        <p id="entry-error" class="error" role="alert">
          {error.value !== null && entryErrorText(error.value)}
        </p>
        <button type="submit" class="primary" aria-disabled={isBusy.value}>
          {text.submit}
        </button>
      </form>
      <p class="switch">
        {text.question}{' '}
        <button type="button" class="link" onClick={switchMode}>
          {text.other}
        </button>
      </p>
    </main>
  );
}

function EntryNotice({ model }: { model: Model }) {
  const waiting = model.waiting.value;
  const edits = waiting > 0 && `${editsText(waiting)} of ${model.account.value?.email} wait in this browser.`;
  const text = [model.trouble.value, edits].filter(Boolean).join(' ');
  return (
    <div role="status" class="notices">
      {text && <p class="notice">{text}</p>}
    </div>
  );
}

function entryErrorText(error: unknown): string {
  return troubleText(error, Date.now()).replace(' Your edits stay in this browser.', ' Please try again.');
}
