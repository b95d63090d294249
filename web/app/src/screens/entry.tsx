import { useSignal } from '@preact/signals';
import { SyncError } from '@tidemark/sdk';
import type { Model } from '../model/model';
import { Brand } from '../parts/brand';
import { Button } from '../parts/button';
import { SignIn } from '../parts/sign-in';
import { countText } from '../words/count';
import { troubleText } from '../words/trouble';

export function EntryScreen({ model }: { model: Model }) {
  const isNew = useSignal(false);
  const isOthers = useSignal(false);
  const { email, pending } = model.status.value;
  return (
    <main class="entry">
      <Brand />
      <p class="motto">Your tasks, the same on every device. Also without a network.</p>
      {email !== '' && pending > 0 && (
        <p class="notice" role="status">
          {countText(pending, 'change')} of {email} wait in this browser. Log in to send them.
        </p>
      )}
      <div class="card">
        <SignIn
          key={String(isNew.value)}
          submit={isNew.value ? 'Create account' : 'Log in'}
          isNew={isNew.value}
          email={email}
          onSubmit={(address, password) =>
            isNew.value ? model.register(address, password) : model.login(address, password)
          }
          onFailed={(error) => {
            isOthers.value = error instanceof SyncError && error.code === 'other_account';
          }}
        />
      </div>
      {isOthers.value && <OtherPerson model={model} onGone={() => (isOthers.value = false)} />}
      <p class="switch">
        {isNew.value ? 'Been here before?' : 'New here?'}{' '}
        <button
          type="button"
          class="link"
          onClick={() => {
            isNew.value = !isNew.value;
            isOthers.value = false;
          }}
        >
          {isNew.value ? 'Log in' : 'Create an account'}
        </button>
      </p>
    </main>
  );
}

function OtherPerson({ model, onGone }: { model: Model; onGone: () => unknown }) {
  const { email, pending } = model.status.value;
  const trouble = useSignal('');
  const lost = pending > 0 ? ` ${countText(pending, 'change')} that nobody has got yet would be lost.` : '';
  return (
    <section class="notice" aria-label="Somebody else’s tasks">
      <p>
        This browser holds the tasks of {email}.{lost}
      </p>
      <Button
        kind="danger"
        onPress={async () => {
          try {
            await model.eraseAll();
            onGone();
          } catch (error) {
            trouble.value = troubleText(error, Date.now());
          }
        }}
      >
        Remove them from this browser
      </Button>
      <p class="error" role="alert">
        {trouble.value}
      </p>
    </section>
  );
}
