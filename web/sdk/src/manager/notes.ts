// Names of what the manager keeps in the store besides the replica.

/** Whose tasks a store holds: the first person who logs in with it. Kept after a logout. */
export interface Owner {
  readonly user_id: string;
  readonly email: string;
}

/** Which run is under way, and when it last stored something. */
export interface RunNote {
  readonly id: string;
  readonly at: number;
}

export const NOTES = {
  owner: 'owner',
  schedule: 'schedule',
  run: 'run',
  revision: 'revision',
  /** Which replica of the first version is in the store, by its hash. */
  takenOver: 'taken over',
} as const;
