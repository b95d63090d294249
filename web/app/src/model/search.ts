import type { Task } from '@tidemark/sdk';

// Tasks are never changed, only replaced: what is kept of one stays true as long as it is there.
const foldedTexts = new WeakMap<Task, string>();

/** Without accents and in lower case, so that "cafe" finds "Café". */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly ASCII, which has no accents.
  return /^[\x00-\x7f]*$/.test(lower) ? lower : lower.normalize('NFD').replace(/\p{M}/gu, '');
}

/** The words that are looked for; none: everything is found. */
export function wordsOf(query: string): readonly string[] {
  return fold(query)
    .split(/\s+/)
    .filter((word) => word !== '');
}

export function matches(task: Task, words: readonly string[]): boolean {
  let text = foldedTexts.get(task);
  if (text === undefined) {
    text = fold(task.content);
    foldedTexts.set(task, text);
  }
  return words.every((word) => text.includes(word));
}

export interface Pace {
  now(): number;
  /** Lets the browser do something else, and goes on. */
  pause(): Promise<void>;
}

const SLICE_MS = 6;
const TASKS_PER_LOOK_AT_THE_CLOCK = 200;

/**
 * The tasks that hold all words, in their order. Never occupies the browser for much longer than SLICE_MS; null:
 * `isStale` said so in between.
 */
export async function search(
  tasks: readonly Task[],
  words: readonly string[],
  pace: Pace,
  isStale: () => boolean,
): Promise<readonly Task[] | null> {
  const found: Task[] = [];
  let began = pace.now();
  for (const [index, task] of tasks.entries()) {
    if (matches(task, words)) found.push(task);
    if (index % TASKS_PER_LOOK_AT_THE_CLOCK !== 0 || pace.now() - began < SLICE_MS) continue;
    await pace.pause();
    if (isStale()) return null;
    began = pace.now();
  }
  return found;
}
