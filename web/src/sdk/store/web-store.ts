import type { Replica } from '../domain/replica';
import { decodeReplica, encodeReplica } from './replica-codec';
import { type Account, StorageFullError, type Store } from './store';

const ACCOUNT_KEY = 'tidemark.account';
const replicaKey = (user_id: string) => `tidemark.replica.${user_id}`;

/** A Store in the browser's localStorage. One key holds one replica, so that a write of it cannot be torn. */
export class WebStore implements Store {
  constructor(private readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>) {}

  loadAccount(): Account | null {
    const text = this.storage.getItem(ACCOUNT_KEY);
    return text === null ? null : (JSON.parse(text) as Account);
  }

  saveAccount(account: Account): void {
    this.write(ACCOUNT_KEY, JSON.stringify(account));
  }

  removeAccount(): void {
    this.storage.removeItem(ACCOUNT_KEY);
  }

  loadReplica(user_id: string): Replica | null {
    const text = this.storage.getItem(replicaKey(user_id));
    return text === null ? null : decodeReplica(text);
  }

  saveReplica(replica: Replica): void {
    this.write(replicaKey(replica.user_id), encodeReplica(replica));
  }

  removeReplica(user_id: string): void {
    this.storage.removeItem(replicaKey(user_id));
  }

  private write(key: string, text: string): void {
    try {
      this.storage.setItem(key, text);
    } catch (cause) {
      throw new StorageFullError('This browser has no room left for Tidemark. The last step was not saved.', {
        cause,
      });
    }
  }
}
