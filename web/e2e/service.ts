// The service without a page: what another device, or many, would do.
import { type APIRequestContext, expect } from '@playwright/test';
import { PASSWORD } from './person';

const CHANGES_PER_PUSH = 1_000;

export interface OtherDevice {
  readonly token: string;
  readonly device_id: string;
}

export interface TaskSent {
  readonly id: string;
  readonly content: string;
  readonly completed?: boolean;
  readonly pinned?: boolean;
}

export async function otherDevice(
  request: APIRequestContext,
  path: 'register' | 'login',
  email: string,
  device_id: string,
): Promise<OtherDevice> {
  const answer = await request.post(`/auth/${path}`, { data: { email, password: PASSWORD, device_id } });
  expect(answer.ok()).toBe(true);
  return { token: (await answer.json()).access_token, device_id };
}

let numbers = 0;

async function push(request: APIRequestContext, device: OtherDevice, changes: object[]): Promise<void> {
  for (let from = 0; from < changes.length; from += CHANGES_PER_PUSH) {
    const answer = await request.post('/sync', {
      headers: { Authorization: `Bearer ${device.token}` },
      data: {
        device_id: device.device_id,
        last_sync: 0,
        limit: 1,
        changes: changes.slice(from, from + CHANGES_PER_PUSH).map((change) => ({
          ...change,
          mutation_id: ++numbers,
          updated_at: Date.now(),
          device_id: device.device_id,
        })),
      },
    });
    expect(answer.status(), await answer.text()).toBe(200);
  }
}

export function pushTasks(
  request: APIRequestContext,
  device: OtherDevice,
  tasks: readonly TaskSent[],
): Promise<void> {
  return push(
    request,
    device,
    tasks.map((task) => ({ ...task, version: 1 })),
  );
}

export function pushDeletions(
  request: APIRequestContext,
  device: OtherDevice,
  ids: readonly string[],
): Promise<void> {
  return push(
    request,
    device,
    ids.map((id) => ({ id, version: 2, deleted_at: Date.now() })),
  );
}

/** Gets all there is and says so, as a device does that syncs twice. */
export async function pull(request: APIRequestContext, device: OtherDevice): Promise<void> {
  const headers = { Authorization: `Bearer ${device.token}` };
  const ask = async (last_sync: number) => {
    const answer = await request.post('/sync', {
      headers,
      data: { device_id: device.device_id, last_sync, acked: numbers },
    });
    expect(answer.status(), await answer.text()).toBe(200);
    return (await answer.json()).server_time as number;
  };
  await ask(await ask(0));
}
