import { type LimitTold, type ScheduleEvent, TRIGGERS } from '../domain/schedule/event';
import { type Protocol, Schedule } from '../domain/schedule/schedule';
import { SCHEDULE_SETTINGS, type ScheduleSettings } from '../domain/schedule/settings';
import { isOverdue } from '../domain/schedule/watchdog';
import { CLOCK_BEGINS, type Members, onlyHas } from './reading';

// Once a scenario's draws are used up: no jitter, and half of each spread.
const MIDDLE = 0.5;
const EXPECTED = ['next', 'state', 'state_for', 'message', 'logged_out', 'active', 'unsent_overdue'];
const STEP = ['after', 'event', 'expect'];
const RUN_DONE = ['etag', 'next_sync_in', 'pull_deferred', 'retry_after', 'edits_are_left', 'limits'];
const RUN_FAILED = ['code', 'retry_after', 'pushed', 'limits'];
const MEMBERS: Record<string, readonly string[]> = {
  app_started: ['utc_offset_minutes'],
  head_told: ['etag'],
  run_began: ['trigger'],
  run_done: RUN_DONE,
  synced: RUN_DONE,
  run_failed: RUN_FAILED,
  sync_failed: RUN_FAILED,
  token_renewed: ['by_refresh'],
  renewal_failed: ['code', 'retry_after'],
};

/** Throws what is not as expected. */
export function playSchedule(scenario: Members): void {
  const player = new Player(scenario);
  for (const [index, step] of scenario.steps.entries()) {
    const unmet = player.step(step);
    if (unmet.length > 0) throw new Error(`step ${index + 1}: ${unmet.join('; ')}`);
  }
  if (player.draws.length > 0) throw new Error('draws are left');
}

class Player {
  readonly draws: number[];
  private now: number;
  private readonly settings: ScheduleSettings;
  private readonly protocol: Protocol;
  private schedule: Schedule;
  private oldestUnsent: number | null = null;

  constructor(scenario: Members) {
    onlyHas(scenario, ['name', 'protocol', 'settings', 'now', 'draws', 'steps']);
    this.draws = [...(scenario.draws ?? [])];
    this.now = scenario.now ?? CLOCK_BEGINS;
    this.protocol = scenario.protocol ?? 'final';
    this.settings = withSettings(scenario.settings ?? {});
    this.schedule = this.opened();
  }

  step(step: Members): string[] {
    onlyHas(step, [...STEP, ...(MEMBERS[step.event] ?? [])]);
    this.now += Math.round((step.after ?? 0) * 1_000);
    if (step.event) this.happen(step.event, step);
    return step.expect ? this.unmet(step.expect) : [];
  }

  private opened(): Schedule {
    return new Schedule(this.settings, this.protocol, () => this.draws.shift() ?? MIDDLE);
  }

  private happen(event: string, step: Members): void {
    if (event === 'edited') this.oldestUnsent ??= this.now;
    if (event === 'synced' || event === 'run_done') this.oldestUnsent = null;
    if (event === 'process_restarted') {
      const saved = JSON.parse(JSON.stringify(this.schedule.save()));
      this.schedule = this.opened();
      this.schedule.load(saved);
      return;
    }
    const isWholeRun = event === 'synced' || event === 'sync_failed';
    if (isWholeRun) this.tell({ is: 'run_began', trigger: this.schedule.next()?.trigger ?? 'timer' });
    if (isWholeRun) this.tell(readEvent(event === 'synced' ? 'run_done' : 'run_failed', step));
    else if (event === 'run_began' && !step.trigger)
      this.tell({ is: 'run_began', trigger: this.due().trigger });
    else this.tell(readEvent(event, step));
  }

  private tell(event: ScheduleEvent): void {
    this.schedule.on(event, this.now);
  }

  private due() {
    const due = this.schedule.next();
    if (!due) throw new Error('nothing is due');
    return due;
  }

  private unmet(expected: Members): string[] {
    onlyHas(expected, EXPECTED);
    const { schedule, now, settings } = this;
    const due = schedule.next();
    const is: Members = {
      next: due && { in: (due.at - now) / 1_000, trigger: due.trigger },
      state: schedule.state,
      state_for: (now - schedule.stateSince) / 1_000,
      message: schedule.message,
      logged_out: schedule.isLoggedOut,
      active: schedule.isActive(now),
      unsent_overdue: isOverdue(this.oldestUnsent, settings.unsent_overdue_seconds, now),
    };
    return Object.keys(expected)
      .filter((name) => !isSame(is[name], expected[name]))
      .map((name) => `${name} is ${JSON.stringify(is[name])}, not ${JSON.stringify(expected[name])}`);
  }
}

function isSame(is: unknown, wanted: unknown): boolean {
  if (typeof is !== 'object' || is === null) return is === wanted;
  const [a, b] = [is as Members, (wanted ?? {}) as Members];
  return Object.keys({ ...a, ...b }).every((name) => a[name] === b[name]);
}

function readEvent(is: string, step: Members): ScheduleEvent {
  switch (is) {
    case 'edited':
    case 'came_to_front':
    case 'went_behind':
    case 'asked':
    case 'stream_opened':
    case 'stream_closed':
    case 'network_back':
    case 'run_abandoned':
    case 'logged_in':
    case 'logged_out':
    case 'tick':
      return { is };
    case 'app_started':
      return { is, utc_offset: (step.utc_offset_minutes ?? 0) * 60 };
    case 'head_told':
      return { is, etag: step.etag };
    case 'run_began':
      if (!TRIGGERS.includes(step.trigger)) throw new Error(`no trigger ${step.trigger}`);
      return { is, trigger: step.trigger };
    case 'run_done': {
      const { etag = null, next_sync_in, edits_are_left, retry_after } = step;
      const deferred_for = step.pull_deferred ? retry_after : null;
      return { is, etag, next_sync_in, deferred_for, edits_are_left, limits: readLimits(step) };
    }
    case 'run_failed':
      return {
        is,
        code: step.code,
        retry_after: step.retry_after,
        pushed: step.pushed,
        limits: readLimits(step),
      };
    case 'token_renewed':
      return { is, by_refresh: step.by_refresh ?? true };
    case 'renewal_failed':
      return { is, code: step.code, retry_after: step.retry_after };
    default:
      throw new Error(`no event ${is}`);
  }
}

function readLimits(step: Members): LimitTold[] {
  return (step.limits ?? []).map((limit: Members) => {
    onlyHas(limit, ['policy', 'r', 't', 'q', 'w']);
    return { policy: limit.policy, remaining: limit.r, reset: limit.t, limit: limit.q, window: limit.w };
  });
}

function withSettings(given: Members): ScheduleSettings {
  const settings: Members = structuredClone(SCHEDULE_SETTINGS);
  for (const [path, value] of Object.entries(given)) {
    const names = path.split('.');
    const last = names.pop() ?? '';
    const room = names.reduce((object, name) => object?.[name], settings);
    if (room?.[last] === undefined) throw new Error(`no setting ${path}`);
    room[last] = value;
  }
  return settings as ScheduleSettings;
}
