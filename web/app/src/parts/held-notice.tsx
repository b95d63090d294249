import type { Model } from '../model/model';
import { countText } from '../words/count';
import { Button } from './button';

/** An answer that would remove so much that the person is asked first. */
export function HeldNotice({ model }: { model: Model }) {
  const held = model.status.value.held;
  if (!held) return null;
  return (
    <section class="notice alarm" aria-label="A large deletion">
      <p>
        <strong>
          Another device deleted {held.removes.toLocaleString()} of your {countText(held.of, 'task')}.
        </strong>{' '}
        Nothing was removed here yet. If you did not mean it, keep your tasks: they are sent again to all your
        devices.
      </p>
      <div class="buttons">
        <Button kind="primary" onPress={() => model.refuse()}>
          Keep my tasks
        </Button>
        <Button kind="danger" onPress={() => model.agree()}>
          Remove them here, too
        </Button>
      </div>
    </section>
  );
}
