// GET /status.json (gateway/openapi).
export interface Dependency {
  name: string;
  state: 'answers' | 'away' | 'unknown';
  since: number;
}

export interface Process {
  name: string;
  instance: string;
  version: string;
  started_at: number;
  dependencies: Dependency[];
}

export interface Budget {
  resource: string;
  used: number;
  budget: number | null;
}

export interface Quota {
  state: 'open' | 'read_paused' | 'exhausted';
  day: number;
  reset_after: number;
  cache_off: boolean;
  budgets: Budget[];
}

export interface Tier {
  name: string;
  reads: number;
  hits: number;
}

export interface Minute {
  at: number;
  ok: number;
  not_modified: number;
  limited: number;
  refused: number;
  failed: number;
  p50_us: number | null;
  p95_us: number | null;
  p99_us: number | null;
}

export interface Status {
  at: number;
  processes: Process[];
  quota: Quota | null;
  checks: { answered: number; not_modified: number };
  cache_tiers: Tier[];
  minutes: Minute[];
}

export interface Element {
  tag: string;
  attributes: Record<string, string>;
  children: Node[];
}

// What dom.js makes a page of.
export type Node = Element | string;
