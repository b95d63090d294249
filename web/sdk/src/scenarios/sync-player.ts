import type { Ask } from '../domain/protocol';
import { createTask } from '../domain/task-state';
import { findVisible } from '../domain/view';
import { Exchange, type Next } from '../engine/exchange';
import {
  agreeToMassChange,
  bringBack,
  changeTask,
  refuseMassChange,
  removeTask,
} from '../engine/local-tasks';
import { MemoryStore } from '../store/memory-store';
import { CLOCK_BEGINS, type Members, onlyHas } from './reading';
import { readAnswer, written } from './sync-json';

const DEVICE = 'phone';
const STEP = ['after', 'create', 'edit', 'delete', 'restore', 'begin', 'answer', 'crash', 'agree', 'refuse'];
const FIELDS = ['content', 'completed', 'pinned', 'deleted_at'];

/** Throws what is not as expected. */
export async function playSync(scenario: Members): Promise<void> {
  onlyHas(scenario, ['name', 'protocol', 'limits', 'given', 'steps']);
  const player = new Player(scenario);
  await player.begin(scenario.given);
  for (const [index, step] of scenario.steps.entries()) {
    const unmet = await player.step(step);
    if (unmet.length > 0) throw new Error(`step ${index + 1}: ${unmet.join('; ')}`);
  }
}

class Player {
  private readonly isV1: boolean;
  private readonly batchMax: number;
  private readonly store = new MemoryStore();
  private now = CLOCK_BEGINS;
  private names = 0;
  private exchange: Exchange;
  private next: Next | null = null;

  constructor({ protocol, limits = {} }: Members) {
    onlyHas(limits, ['changes_per_request']);
    this.isV1 = protocol === 'v1';
    this.batchMax = limits.changes_per_request ?? 1_000;
    this.exchange = this.opened();
  }

  // `given`: what an earlier sync brought.
  async begin(given: Members | undefined): Promise<void> {
    await this.store.write(async (tx) => tx.putReplica({ ...(await tx.getReplica()), device_id: DEVICE }));
    if (!given) return;
    await this.exchange.begin({}, this.now);
    this.next = await this.exchange.take(readAnswer(given, this.isV1), this.now);
    if (!this.next.end) throw new Error('what is given is not in step with itself');
  }

  async step(step: Members): Promise<string[]> {
    onlyHas(step, [...STEP, 'expect']);
    this.now += Math.round((step.after ?? 0) * 1_000);
    await this.edit(step);
    if (step.begin) {
      onlyHas(step.begin, ['may_check', 'push_only']);
      const { may_check = true, push_only = false } = step.begin;
      this.next = await this.exchange.begin({ mayCheck: may_check, pushOnly: push_only }, this.now);
    }
    if (step.answer) this.next = await this.exchange.take(readAnswer(step.answer, this.isV1), this.now);
    // What is stored is all that is left.
    if (step.crash) {
      this.exchange = this.opened();
      this.next = null;
    }
    if (step.agree) await this.store.write((tx) => agreeToMassChange(tx, this.now));
    if (step.refuse) await this.store.write((tx) => refuseMassChange(tx, this.now));
    return step.expect ? this.unmet(step.expect) : [];
  }

  private opened(): Exchange {
    const options = { protocol: this.isV1 ? 'v1' : 'final', batchMax: this.batchMax } as const;
    return new Exchange(this.store, () => `name${++this.names}`, options);
  }

  private async edit(step: Members): Promise<void> {
    const { now } = this;
    await this.store.write(async (tx) => {
      if (step.create) {
        onlyHas(step.create, ['id', 'content']);
        tx.put(createTask(step.create.id, step.create.content, now));
      }
      if (step.edit) {
        const { id, ...fields } = step.edit;
        onlyHas(fields, ['content', 'completed', 'pinned']);
        await changeTask(tx, id, fields, now);
      }
      if (step.delete) await removeTask(tx, step.delete, now);
      if (step.restore) await bringBack(tx, step.restore, now);
    });
  }

  private async unmet(expected: Members): Promise<string[]> {
    const is = await this.seen();
    onlyHas(expected, Object.keys(is));
    return Object.keys(expected)
      .filter((name) => !tells(is[name], expected[name]))
      .map((name) => `${name} is ${JSON.stringify(is[name])}, not ${JSON.stringify(expected[name])}`);
  }

  // What a scenario may expect, by its name.
  private seen(): Promise<Members> {
    const ask: Ask | null = this.next?.ask ?? null;
    const end = this.next?.end ?? null;
    return this.store.read(async (tx) => {
      const { cursor, acked, device_id, held } = await tx.getReplica();
      const visible = (await tx.list('', 10_000)).flatMap((task) => findVisible(task) ?? []);
      return {
        asks: ask && written(ask),
        ends: end?.how ?? null,
        error: end?.error?.code ?? null,
        tasks: new Exactly(
          Object.fromEntries(
            visible.map(({ id, content, completed, pinned }) => [
              id,
              `${content}${completed ? ' (completed)' : ''}${pinned ? ' (pinned)' : ''}`,
            ]),
          ),
        ),
        waiting: (await tx.listPending()).map(({ id }) => id),
        rejected: (await tx.listRejections()).map(({ change, code }) => ({ id: change.id, code })),
        conflicts: (await tx.listConflicts()).map(({ id, field }) => ({ id, field })),
        last_sync: cursor,
        acked,
        device_is_new: device_id !== DEVICE,
        held: held?.removes ?? null,
        difference: end !== null && end.difference !== null,
      };
    });
  }
}

// An object of which a scenario names every member.
class Exactly {
  constructor(readonly members: Members) {}

  toJSON(): Members {
    return this.members;
  }
}

// Each member that is wanted is there with that value (null: is not there); of lists every item, of changes each
// field.
function tells(is: unknown, wanted: unknown): boolean {
  if (is instanceof Exactly) {
    const names = Object.keys(is.members);
    const isSame = names.length === Object.keys(wanted as Members).length;
    return isSame && names.every((name) => is.members[name] === (wanted as Members)[name]);
  }
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(is) && is.length === wanted.length && wanted.every((one, i) => tellsItem(is[i], one))
    );
  }
  if (typeof wanted !== 'object' || wanted === null) return is === wanted;
  if (typeof is !== 'object' || is === null) return false;
  return Object.entries(wanted).every(([name, value]) => {
    const found = (is as Members)[name];
    if (value === null && name !== 'deleted_at') return found === undefined;
    return tells(found, value);
  });
}

function tellsItem(is: unknown, wanted: unknown): boolean {
  if (!tells(is, wanted)) return false;
  const isChange = typeof is === 'object' && is !== null && 'updated_at' in is;
  return !isChange || FIELDS.every((name) => name in is === name in (wanted as Members));
}
