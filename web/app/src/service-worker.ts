import { signal } from '@preact/signals';

/** Set when a newer page is there and waits: calling it loads that one. */
export const newVersion = signal<(() => void) | null>(null);

/** Keeps the page itself in this browser, so that it opens without a network. Tasks are none of its business. */
export async function startServiceWorker(container: ServiceWorkerContainer | undefined): Promise<void> {
  if (!container) return;
  const registration = await container.register('/sw.js').catch(() => null);
  if (!registration) return;
  offer(registration, container);
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing;
    worker?.addEventListener('statechange', () => offer(registration, container));
  });
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) void registration.update().catch(() => {});
  });
}

function offer(registration: ServiceWorkerRegistration, container: ServiceWorkerContainer): void {
  // Without a controller this is the first visit: the page that is shown is the newest.
  if (!registration.waiting || !container.controller || newVersion.value) return;
  // Also when another tab loads it: no tab runs half of each.
  container.addEventListener('controllerchange', () => location.reload(), { once: true });
  newVersion.value = () => registration.waiting?.postMessage({ type: 'SKIP_WAITING' });
}
