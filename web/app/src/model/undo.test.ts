import { beforeEach, describe, expect, it } from 'vitest';
import { taskWith } from '../testing/fake-manager';
import { UNDO_MS, Undo } from './undo';

const a = taskWith({ id: 'a' });
const b = taskWith({ id: 'b' });

describe('the undo of a deletion', () => {
  let at = 0;
  let due: { at: number; run: () => void } | null = null;
  let undo: Undo;

  const pass = (ms: number) => {
    at += ms;
    if (due && due.at <= at) {
      const { run } = due;
      due = null;
      run();
    }
  };

  beforeEach(() => {
    at = 0;
    due = null;
    undo = new Undo({
      set: (run, ms) => {
        due = { at: at + ms, run };
        return 1;
      },
      clear: () => {
        due = null;
      },
    });
  });

  it('is offered for at least eight seconds', () => {
    expect(UNDO_MS).toBeGreaterThanOrEqual(8_000);
    undo.add(a);
    pass(UNDO_MS - 1);
    expect(undo.deleted.value).toEqual([a]);
    pass(1);
    expect(undo.deleted.value).toEqual([]);
  });

  it('brings all back that was deleted while it was offered', () => {
    undo.add(a);
    pass(UNDO_MS - 1);
    undo.add(b);
    pass(UNDO_MS - 1);
    expect(undo.take()).toEqual([a, b]);
    expect(undo.deleted.value).toEqual([]);
  });

  it('stays while the person is on it, and for the whole time afterwards', () => {
    undo.add(a);
    undo.pause();
    pass(10 * UNDO_MS);
    expect(undo.deleted.value).toEqual([a]);
    undo.resume();
    pass(UNDO_MS - 1);
    expect(undo.deleted.value).toEqual([a]);
    pass(1);
    expect(undo.deleted.value).toEqual([]);
  });
});
