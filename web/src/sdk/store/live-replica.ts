import type { Replica } from '../domain/replica';
import type { Store } from './store';

/** The replica in use: every change of it is stored before anyone sees it. */
export class LiveReplica {
  constructor(
    private readonly store: Store,
    private replica: Replica,
    private readonly onChange: (replica: Replica) => void = () => {},
  ) {}

  get current(): Replica {
    return this.replica;
  }

  /** Throws StorageFullError; then nothing has changed. */
  update(step: (replica: Replica) => Replica): void {
    const next = step(this.replica);
    this.store.saveReplica(next);
    this.replica = next;
    this.onChange(next);
  }
}
