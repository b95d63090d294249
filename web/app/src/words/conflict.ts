import type { Conflict, FieldValue } from '@tidemark/sdk';
import { atStart, deviceTexts } from './device';

export interface ConflictWords {
  /** What happened, in a sentence. */
  readonly text: string;
  /** The two texts; null where the sentence says it all. */
  readonly kept: string | null;
  readonly discarded: string | null;
  /** The button that takes up what was not kept. */
  readonly restore: string;
}

/** A conflict as the person at `own` sees it. */
export function conflictWords(conflict: Conflict, own: string): ConflictWords {
  switch (conflict.field) {
    case 'content':
      return contentWords(conflict, own);
    case 'deleted_at':
      return deletionWords(conflict, own);
    case 'completed':
      return markWords(conflict, own, ['open', 'done'], ['Mark it open', 'Mark it done']);
    case 'pinned':
      return markWords(conflict, own, ['not pinned', 'pinned'], ['Unpin it', 'Pin it']);
  }
}

function contentWords({ kept, discarded }: Conflict, own: string): ConflictWords {
  const texts = { kept: String(kept.value), discarded: String(discarded.value) };
  const [loser, winner] = deviceTexts([discarded.device_id, kept.device_id], own);
  if (discarded.device_id === own) {
    return {
      text: `You changed this on this device; the later text from ${winner} was kept.`,
      restore: 'Use my text instead',
      ...texts,
    };
  }
  if (kept.device_id === own) {
    return {
      text: `${atStart(loser)} changed this, too; your later text was kept.`,
      restore: 'Use the other text instead',
      ...texts,
    };
  }
  return {
    text: `You changed this on ${loser} and on ${winner}; the later text, from ${winner}, was kept.`,
    restore: `Use the text from ${loser} instead`,
    ...texts,
  };
}

function deletionWords({ kept, discarded }: Conflict, own: string): ConflictWords {
  const [loser, winner] = deviceTexts([discarded.device_id, kept.device_id], own);
  const lives = kept.value === null;
  const text = lives
    ? `You deleted this ${place(loser)} while its text was changed ${place(winner)}. It was kept.`
    : `You deleted this ${place(winner)} while it was changed ${place(loser)}. It is deleted.`;
  return { text, kept: null, discarded: null, restore: lives ? 'Delete it' : 'Bring it back' };
}

function markWords(
  { kept, discarded }: Conflict,
  own: string,
  names: readonly [string, string],
  actions: readonly [string, string],
): ConflictWords {
  const [loser, winner] = deviceTexts([discarded.device_id, kept.device_id], own).map(place);
  const text = `You made this ${either(names, discarded.value)} ${loser} and ${either(names, kept.value)} ${winner}. The later was kept.`;
  return { text, kept: null, discarded: null, restore: either(actions, discarded.value) };
}

function either(names: readonly [string, string], value: FieldValue): string {
  return value ? names[1] : names[0];
}

function place(device: string): string {
  return device === 'this device' ? 'here' : `on ${device}`;
}
