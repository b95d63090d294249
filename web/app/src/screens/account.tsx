import { useSignal } from '@preact/signals';
import type { SessionInfo } from '@tidemark/sdk';
import { now } from '../model/clock';
import type { Model } from '../model/model';
import { go, goToList } from '../model/navigation';
import { Button } from '../parts/button';
import { Loading, useLoaded } from '../parts/load';
import { PasswordForm } from '../parts/password-form';
import { Question } from '../parts/question';
import { Sheet } from '../parts/sheet';
import { SignIn } from '../parts/sign-in';
import { countText } from '../words/count';
import { deviceOf } from '../words/device';
import { troubleText } from '../words/trouble';
import { agoText, whenText } from '../words/when';
import { YourData } from './your-data';

const LAST_SYNC_MS = 5_000;

export function AccountScreen({ model }: { model: Model }) {
  const { email } = model.status.value;
  const loggedIn = model.status.value.loggedIn || model.leaving.value;
  return (
    <Sheet model={model} title="Account">
      <section aria-label="Who">
        <p class="email">{email}</p>
        {loggedIn ? <LogOut model={model} /> : <LogInAgain model={model} />}
      </section>
      {loggedIn && <Sessions model={model} />}
      {loggedIn && (
        <section aria-labelledby="password-heading">
          <h3 id="password-heading">Password</h3>
          <PasswordForm model={model} />
        </section>
      )}
      <YourData model={model} />
      <section aria-labelledby="page-heading">
        <h3 id="page-heading">This page</h3>
        <Button onPress={() => go({ name: 'keys' })}>Keys</Button>
      </section>
      {loggedIn && <DeleteAccount model={model} />}
    </Sheet>
  );
}

function LogInAgain({ model }: { model: Model }) {
  const { email, pending } = model.status.value;
  return (
    <>
      <p>
        Log in again to sync.{' '}
        {pending > 0 && `${countText(pending, 'change')} of yours wait here and are sent then.`}
      </p>
      <SignIn
        submit="Log in"
        email={email}
        emailIsGiven
        isNew={false}
        onSubmit={async (address, password) => {
          await model.login(address, password);
          goToList();
        }}
      />
      <LogOut model={model} />
    </>
  );
}

function LogOut({ model }: { model: Model }) {
  const asks = useSignal(false);
  const trouble = useSignal('');
  const { pending, rejected } = model.status.value;

  async function attempt(leave: () => Promise<unknown>) {
    trouble.value = '';
    try {
      if ((await leave()) === false) asks.value = true;
      else goToList();
    } catch (error) {
      asks.value = false;
      trouble.value = troubleText(error, Date.now());
    }
  }

  return (
    <>
      <Button onPress={() => attempt(() => model.logoutAndErase(LAST_SYNC_MS))}>Log out</Button>
      <p class="soft">What waits is sent first, then nothing of you is left in this browser.</p>
      {trouble.value !== '' && (
        <p class="error" role="alert">
          {trouble.value}
        </p>
      )}
      {asks.value && (
        <Question title="Not everything could be sent" onLeave={() => (asks.value = false)}>
          <p>
            {pending > 0 && `${countText(pending, 'change')} could not be sent. `}
            {rejected > 0 && `${countText(rejected, 'edit')} that the service did not accept would be lost. `}
            They can wait in this browser until you log in here again; whoever uses it could read them.
          </p>
          <div class="buttons">
            <Button kind="primary" onPress={() => (asks.value = false)}>
              Stay logged in
            </Button>
            <Button onPress={() => attempt(() => model.logoutAndKeep())}>Log out, keep them here</Button>
            <Button kind="danger" onPress={() => attempt(() => model.eraseAll())}>
              Log out and lose them
            </Button>
          </div>
        </Question>
      )}
    </>
  );
}

function Sessions({ model }: { model: Model }) {
  const sessions = useLoaded(() => model.manager.sessions(), 0);
  const trouble = useSignal('');
  return (
    <section aria-labelledby="sessions-heading">
      <h3 id="sessions-heading">Where you are logged in</h3>
      <Loading of={sessions}>
        {(all) => (
          <ul class="plain-list sessions">
            {all.map((session) => (
              <Session
                key={session.id}
                session={session}
                model={model}
                onRevoke={async () => {
                  try {
                    await model.manager.revokeSession(session.id);
                    model.say('Logged out there.');
                    trouble.value = '';
                  } catch (error) {
                    trouble.value = troubleText(error, Date.now());
                  }
                  await sessions.load();
                }}
              />
            ))}
          </ul>
        )}
      </Loading>
      <p class="error" role="alert">
        {trouble.value}
      </p>
    </section>
  );
}

interface SessionProps {
  readonly session: SessionInfo;
  readonly model: Model;
  readonly onRevoke: () => Promise<void>;
}

function Session({ session, model, onRevoke }: SessionProps) {
  const { device_id, created_at, last_used_at, current } = session;
  const { name, code } = device_id
    ? deviceOf(device_id, model.status.value.deviceId)
    : { name: 'A device without a name', code: '' };
  return (
    <li>
      <div>
        <p>
          {name} {code !== '' && <span class="soft">{code}</span>}{' '}
          {current && <span class="tag">this browser</span>}
        </p>
        <p class="soft">
          Since {whenText(created_at, now.value)}, last used {agoText(last_used_at, now.value)}
        </p>
      </div>
      {!current && (
        <Button onPress={onRevoke} label={`Log out there: ${name} ${code}`.trimEnd()}>
          Log out there
        </Button>
      )}
    </li>
  );
}

function DeleteAccount({ model }: { model: Model }) {
  const asks = useSignal(false);
  const trouble = useSignal('');
  const busy = useSignal(false);

  async function deleteAccount(event: SubmitEvent & { currentTarget: HTMLFormElement }) {
    event.preventDefault();
    if (busy.peek()) return;
    const password = String(new FormData(event.currentTarget).get('password'));
    busy.value = true;
    try {
      await model.deleteAccount(password);
      goToList();
    } catch (error) {
      trouble.value = troubleText(error, Date.now());
    } finally {
      busy.value = false;
    }
  }

  return (
    <section aria-labelledby="delete-heading">
      <h3 id="delete-heading">Delete the account</h3>
      <p class="soft">All your tasks, their history and your sessions, on the service and in this browser.</p>
      <Button kind="danger" onPress={() => (asks.value = true)}>
        Delete the account…
      </Button>
      {asks.value && (
        <Question title="Delete the account for good?" onLeave={() => (asks.value = false)}>
          <p>Nobody can bring it back. Export your data first if you may want it.</p>
          <form class="fields" onSubmit={(event) => void deleteAccount(event)}>
            <label for="delete-password">Your password</label>
            <input
              id="delete-password"
              name="password"
              type="password"
              autocomplete="current-password"
              aria-describedby="delete-error"
              required
            />
            <p id="delete-error" class="error" role="alert">
              {trouble.value}
            </p>
            <div class="buttons">
              <button type="submit" class="danger" aria-disabled={busy.value}>
                Delete everything
              </button>
              <Button onPress={() => (asks.value = false)}>Keep the account</Button>
            </div>
          </form>
        </Question>
      )}
    </section>
  );
}
