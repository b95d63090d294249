// Words for tests of one task: as a device called "phone" keeps it.
import type { Fields, Update } from './task';
import { type Sender, type TaskState, unknownTask } from './task-state';

export const NOW = 1_000_000;

/** "milk", as the server has told it. */
export function alive(version = 1): TaskState {
  return {
    ...unknownTask('t'),
    row: {
      id: 't',
      version,
      created_at: 10,
      updated_at: 20,
      deleted_at: null,
      content: 'milk',
      completed: false,
      pinned: true,
      device_id: 'web',
    },
  };
}

export function numberedAs(mutation_id: number, mayTrustBase = true): Sender {
  return { mutation_id, device_id: 'phone', mayTrustBase };
}

/** What another device did. */
export function told(version: number, fields: Fields, created_at?: number): Update {
  const created = created_at === undefined ? {} : { created_at };
  return { id: 't', version, updated_at: 30, device_id: 'web', ...created, fields };
}
