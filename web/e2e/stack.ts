// The stack that the tests run against, as whoever runs it could change it: `./run --limits FILE`.
import { readFileSync, writeFileSync } from 'node:fs';

const SERVICES = ['RATELIMIT', 'AUTH', 'SYNC'];

function needed(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: see docs/web.md for what the browser tests need`);
  return value;
}

/** Runs with one more line in the limits that all services have read; afterwards they are as before. */
export async function withLimits(line: string, act: () => Promise<void>): Promise<void> {
  const file = needed('TIDEMARK_LIMITS_FILE');
  const before = readFileSync(file, 'utf8');
  try {
    writeFileSync(file, `${before}\n${line}\n`);
    readAgain();
    await act();
  } finally {
    writeFileSync(file, before);
    readAgain();
  }
}

function readAgain(): void {
  const env = readFileSync(needed('TIDEMARK_STACK_ENV'), 'utf8');
  for (const name of SERVICES) {
    const pid = new RegExp(`^TIDEMARK_${name}_PID=(\\d+)$`, 'm').exec(env)?.[1];
    if (!pid) throw new Error(`There is no pid of ${name}`);
    process.kill(Number(pid), 'SIGHUP');
  }
}
