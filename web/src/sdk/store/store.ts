import type { Replica } from '../domain/replica';

/** Who used this browser last. Without tokens: they have to log in again. */
export interface Account {
  readonly email: string;
  readonly user_id: string;
  readonly tokens: { readonly access_token: string; readonly refresh_token: string } | null;
}

/** The browser refused to store: nothing has changed, neither in memory nor on disk. */
export class StorageFullError extends Error {}

/** What must outlive the page. Each method is one step: it happens whole or not at all. */
export interface Store {
  loadAccount(): Account | null;
  saveAccount(account: Account): void;
  removeAccount(): void;
  loadReplica(user_id: string): Replica | null;
  /** Throws StorageFullError. */
  saveReplica(replica: Replica): void;
  removeReplica(user_id: string): void;
}
