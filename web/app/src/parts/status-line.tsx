import { useEffect, useState } from 'preact/hooks';
import { now } from '../model/clock';
import type { Model } from '../model/model';
import { go } from '../model/navigation';
import { countText } from '../words/count';
import { statusLine } from '../words/status';
import { Button } from './button';
import { Icon } from './icons';

const FLICKER_MS = 350;

/** At the foot of every screen: how this device stands. Opens the sync panel. */
export function StatusLine({ model }: { model: Model }) {
  const status = model.status.value;
  const syncing = useSteady(status.syncing);
  const line = statusLine({ ...status, syncing }, now.value);
  const troubles = status.conflicts + status.rejected;
  return (
    <footer class={`shore ${line.mood}`}>
      <Waterline />
      <div class="shore-inside">
        <button type="button" class="state" aria-haspopup="dialog" onClick={() => go({ name: 'sync' })}>
          <span class="dot" aria-hidden="true" />
          <span class="state-words">
            <span class="hidden">Sync: </span>
            <span class="state-text">{line.text}</span>
            {line.detail !== '' && <span class="state-detail">{line.detail}</span>}
          </span>
        </button>
        {troubles > 0 && (
          <button
            type="button"
            class="chip"
            aria-haspopup="dialog"
            aria-label={`${countText(troubles, 'edit')} to look at`}
            onClick={() => go({ name: 'sync' })}
          >
            {troubles.toLocaleString()} <span class="wide">to look at</span>
          </button>
        )}
        {status.state === 'sign_in_needed' ? (
          <button type="button" class="primary small" onClick={() => go({ name: 'account' })}>
            Log in
          </button>
        ) : (
          <Button kind="plain" label="Sync now" onPress={() => model.syncNow()}>
            <Icon name="sync" class={syncing ? 'turning' : ''} />
            <span class="wide">Sync now</span>
          </Button>
        )}
      </div>
    </footer>
  );
}

// Most syncs are over before an eye could read that one began.
function useSteady(syncing: boolean): boolean {
  const [shown, setShown] = useState(syncing);
  useEffect(() => {
    const timer = setTimeout(() => setShown(syncing), FLICKER_MS);
    return () => clearTimeout(timer);
  }, [syncing]);
  return shown && syncing;
}

/** The tide's line: still when all is in step, a swell while something is on its way. */
function Waterline() {
  return (
    <svg class="waterline" aria-hidden="true" preserveAspectRatio="none" viewBox="0 0 1200 12">
      <path
        class="wave"
        d="M-240 6q30-6 60 0t60 0 60 0 60 0 60 0 60 0 60 0 60 0 60 0 60 0 60 0 60 0 60 0 60 0 60 0 60 0 60 0 60 0 60 0 60 0 60 0 60 0 60 0 60 0 60 0"
      />
    </svg>
  );
}
