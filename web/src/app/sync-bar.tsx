import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { statusText } from './messages';
import type { Model } from './model';

const CLOCK_MS = 15_000;

export function SyncBar({ model }: { model: Model }) {
  const now = useSignal(Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      now.value = Date.now();
    }, CLOCK_MS);
    return () => clearInterval(timer);
  }, [now]);

  const isSyncing = model.isSyncing.value;
  const waiting = model.waiting.value;
  const state = { isSyncing, waiting, syncedAt: model.replica.value?.synced_at ?? null };
  const mood = model.trouble.value ? 'trouble' : waiting > 0 ? 'waiting' : 'calm';
  return (
    <section class="sync-bar card" aria-label="Sync">
      <p role="status" class={`status ${mood}`}>
        {statusText(state, now.value)}
      </p>
      <button type="button" aria-disabled={isSyncing} onClick={() => model.sync()}>
        <SyncIcon isTurning={isSyncing} />
        Sync now
      </button>
      <p role="alert" class="trouble-text">
        {model.trouble.value}
      </p>
    </section>
  );
}

function SyncIcon({ isTurning }: { isTurning: boolean }) {
  return (
    <svg class={isTurning ? 'icon turning' : 'icon'} viewBox="0 0 24 24" aria-hidden="true">
      <path d="M20 11a8 8 0 0 0-14.3-4M4 4v4h4M4 13a8 8 0 0 0 14.3 4M20 20v-4h-4" />
    </svg>
  );
}
