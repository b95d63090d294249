import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newVersion, startServiceWorker } from './service-worker';

describe('a new version of the page', () => {
  let reloads = 0;
  let asked: unknown[] = [];
  const container = Object.assign(new EventTarget(), {
    controller: {},
    register: async () => registration,
  });
  const registration = Object.assign(new EventTarget(), {
    waiting: { postMessage: (message: unknown) => asked.push(message) },
    installing: null,
    update: async () => {},
  });

  beforeEach(async () => {
    reloads = 0;
    asked = [];
    newVersion.value = null;
    vi.stubGlobal('document', new EventTarget());
    vi.stubGlobal('location', { reload: () => reloads++ });
    await startServiceWorker(container as unknown as ServiceWorkerContainer);
  });

  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('waits until the person asks for it', () => {
    expect([asked.length, reloads]).toEqual([0, 0]);
    newVersion.value?.();
    expect(asked).toEqual([{ type: 'SKIP_WAITING' }]);
    container.dispatchEvent(new Event('controllerchange'));
    expect(reloads).toBe(1);
  });

  it('is loaded as well when another tab has asked for it', () => {
    container.dispatchEvent(new Event('controllerchange'));
    expect([asked.length, reloads]).toEqual([0, 1]);
  });
});
