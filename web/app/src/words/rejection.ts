import type { Rejection } from '@tidemark/sdk';
import { atStart } from './device';

type Fields = Rejection['change']['fields'];

/** What an edit would have done, apart from its text: "Mark it done, pin it". Empty: nothing. */
export function refusedText({ completed, pinned, deleted_at }: Fields): string {
  const acts: string[] = [];
  if (completed !== undefined) acts.push(completed ? 'mark it done' : 'mark it open');
  if (pinned !== undefined) acts.push(pinned ? 'pin it' : 'unpin it');
  if (deleted_at !== undefined && deleted_at !== null) acts.push('delete it');
  return atStart(acts.join(', '));
}
