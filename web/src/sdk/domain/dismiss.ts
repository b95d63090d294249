import type { Replica } from './replica';

/** The person has seen that a change was rejected. */
export function dismissRejection(replica: Replica, mutation_id: number): Replica {
  const rejections = replica.rejections.filter(({ change }) => change.mutation_id !== mutation_id);
  return { ...replica, rejections };
}

/** The person has seen all conflicts. */
export function dismissConflicts(replica: Replica): Replica {
  return { ...replica, conflicts: [] };
}
