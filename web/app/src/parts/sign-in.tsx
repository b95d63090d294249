import { useSignal } from '@preact/signals';
import { SyncError } from '@tidemark/sdk';
import { useRef } from 'preact/hooks';
import { troubleText } from '../words/trouble';

type Faulty = 'email' | 'password' | null;

/** The codes that say which of the two fields to look at again. */
const FIELDS: Readonly<Record<string, Faulty>> = {
  invalid_email: 'email',
  email_taken: 'email',
  weak_password: 'password',
  bad_credentials: 'password',
};

interface Props {
  readonly submit: string;
  readonly email: string;
  /** Whose tasks are here: nobody else can log in. */
  readonly emailIsGiven?: boolean;
  readonly isNew: boolean;
  readonly onSubmit: (email: string, password: string) => Promise<void>;
  /** Also called with an error that is shown. */
  readonly onFailed?: (error: unknown) => void;
}

export function SignIn({ submit, email, emailIsGiven = false, isNew, onSubmit, onFailed }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const error = useSignal<unknown>(null);
  const busy = useSignal(false);
  const faulty = error.value instanceof SyncError ? (FIELDS[error.value.code] ?? null) : null;

  async function enter(event: SubmitEvent) {
    event.preventDefault();
    if (busy.peek() || !form.current) return;
    const data = new FormData(form.current);
    busy.value = true;
    error.value = null;
    try {
      await onSubmit(String(data.get('email')).trim(), String(data.get('password')));
    } catch (cause) {
      error.value = cause;
      onFailed?.(cause);
      const field = cause instanceof SyncError ? FIELDS[cause.code] : null;
      if (field) (form.current?.elements.namedItem(field) as HTMLInputElement | null)?.focus();
    } finally {
      busy.value = false;
    }
  }

  return (
    <form ref={form} class="fields" onSubmit={(event) => void enter(event)} aria-label={submit}>
      <label for="email">Email</label>
      <input
        id="email"
        name="email"
        type="email"
        autocomplete="username"
        defaultValue={email}
        readonly={emailIsGiven}
        aria-invalid={faulty === 'email'}
        aria-describedby="entry-error"
        required
      />
      <label for="password">Password</label>
      <input
        id="password"
        name="password"
        type="password"
        autocomplete={isNew ? 'new-password' : 'current-password'}
        aria-invalid={faulty === 'password'}
        aria-describedby={isNew ? 'entry-error password-hint' : 'entry-error'}
        required
      />
      {isNew && (
        <p id="password-hint" class="soft">
          At least 10 characters; several words do well.
        </p>
      )}
      <p id="entry-error" class="error" role="alert">
        {error.value !== null && troubleText(error.value, Date.now())}
      </p>
      <button type="submit" class="primary" aria-disabled={busy.value}>
        {submit}
      </button>
    </form>
  );
}
