// The law: whatever is lost, cut or killed in between, devices and service end with the same tasks, each device knows
// their versions, and no number is used for two edits.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SyncError } from '../domain/errors';
import type { Answer, Ask } from '../domain/protocol';
import { findVisible } from '../domain/view';
import { MemoryStore } from '../store/memory-store';
import { FakeTasks } from '../testing/fake-tasks';
import { decodePage } from '../transport/decode';
import { Exchange } from './exchange';
import { addTask, bringBack, changeTask, removeTask } from './local-tasks';

const IDS = ['a', 'b', 'c'];

type Step =
  | { readonly does: 'add' | 'remove' | 'restore' | 'complete'; readonly device: number; readonly id: string }
  | { readonly does: 'write'; readonly device: number; readonly id: string; readonly text: string }
  /** Syncs, and is cut after so many answers: that one is lost on its way, or the tab is killed before it is stored. */
  | { readonly does: 'sync'; readonly device: number; readonly cutAt: number }
  | { readonly does: 'purge'; readonly device: number };

const device = fc.nat(1);
const id = fc.constantFrom(...IDS);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ does: fc.constantFrom('add', 'remove', 'restore', 'complete'), device, id }),
  fc.record({ does: fc.constant('write' as const), device, id, text: fc.constantFrom('x', 'y', 'z') }),
  fc.record({ does: fc.constant('sync' as const), device, cutAt: fc.nat(4) }),
  fc.record({ does: fc.constant('purge' as const), device }),
);

class World {
  readonly service = new FakeTasks();
  readonly stores = [new MemoryStore(), new MemoryStore()];
  now = 1_767_225_600_000;
  private names = 0;

  constructor() {
    this.service.pageLength = 2;
  }

  async take(step: Step): Promise<void> {
    const { now } = this;
    this.now += 1_000;
    if (step.does === 'sync') return this.sync(step.device, step.cutAt);
    if (step.does === 'purge') return this.service.purge();
    const store = this.stores[step.device] ?? raise();
    // A person can do to a task only what they see.
    const edited = store.write(async (tx) => {
      const [known] = await tx.getMany([step.id]);
      if (step.does === 'add')
        return known?.row || known?.sent || known?.edit ? null : addTask(tx, step.id, 'new', now);
      if (step.does === 'write') return changeTask(tx, step.id, { content: step.text }, now);
      if (step.does === 'complete') return changeTask(tx, step.id, { completed: true }, now);
      return step.does === 'remove' ? removeTask(tx, step.id, now) : bringBack(tx, step.id, now);
    });
    await edited.catch((error: SyncError) => expect(error.code).toBe('not_found'));
  }

  async sync(device: number, cutAt: number): Promise<void> {
    const store = this.stores[device] ?? raise();
    const exchange = new Exchange(store, () => `device ${device} ${++this.names}`, { batchMax: 2 });
    let next = await exchange.begin({}, this.now);
    for (let answers = 0; next.ask; ++answers) {
      const answer = this.answer(next.ask);
      if (answers === cutAt) return;
      next = await exchange.take(answer, this.now);
    }
    expect(next.end?.error).toBeNull();
    expect(next.end?.difference).toBeNull();
  }

  async visible(device: number): Promise<Map<string, string>> {
    const states = await (this.stores[device] ?? raise()).read((tx) => tx.list('', 100));
    const seen = states.flatMap((state) => findVisible(state) ?? []);
    return new Map(seen.map((task) => [task.id, `${task.content} ${task.completed} ${task.pending}`]));
  }

  private answer(ask: Ask): Answer {
    if (ask.kind === 'check') {
      const etag = `"${this.service.etag}"`;
      return { kind: 'check', not_modified: ask.etag === etag, etag, next_sync_in: null };
    }
    if (ask.kind === 'v1') return new SyncError('not_found', 'V1 is not spoken here.', { status: 404 });
    const changes = ask.changes.map(({ fields, ...change }) => ({ ...change, ...fields }));
    return decodePage(JSON.parse(JSON.stringify(this.service.sync({ ...ask, changes }))));
  }
}

test('devices and service end with the same tasks, whatever is lost in between', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const world = new World();
      for (const one of steps) await world.take(one);
      for (const device of [0, 1, 0, 1]) await world.sync(device, Number.POSITIVE_INFINITY);
      const living = [...world.service.living.values()];
      const expected = new Map(
        living.map(({ id, content, completed }) => [id, `${content} ${completed} false`]),
      );
      expect(await world.visible(0)).toEqual(expected);
      expect(await world.visible(1)).toEqual(expected);
      for (const store of world.stores) {
        const { etag, live_count, version_sum } = await store.read((tx) => tx.getReplica());
        expect(etag).toBe(`"${world.service.etag}"`);
        expect([live_count, version_sum]).toEqual([
          living.length,
          living.reduce((sum, one) => sum + one.version, 0),
        ]);
        expect(await store.read((tx) => tx.countPending())).toBe(0);
      }
    }),
    { numRuns: 200 },
  );
});

function raise(): never {
  throw new Error('there is no such device');
}
