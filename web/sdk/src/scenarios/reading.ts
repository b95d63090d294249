// The files of tests/scenarios (its README says what is what), read strictly: an unknown member is an error.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// biome-ignore lint/suspicious/noExplicitAny: it is the scenario that says what it holds
export type Members = Record<string, any>;

export interface ScenarioFile {
  readonly name: string;
  readonly scenarios: readonly Members[];
}

const FOLDER = fileURLToPath(new URL('../../../../tests/scenarios/', import.meta.url));
/** Thursday, 2026-01-01T00:00:00Z. */
export const CLOCK_BEGINS = 1_767_225_600_000;

export function scenarioFiles(folder: string): ScenarioFile[] {
  const names = readdirSync(`${FOLDER}${folder}`).filter((name) => name.endsWith('.json'));
  return names.sort().map((name) => {
    const file = JSON.parse(readFileSync(`${FOLDER}${folder}/${name}`, 'utf8'));
    onlyHas(file, ['about', 'scenarios']);
    return { name: `${folder}/${name}`, scenarios: file.scenarios };
  });
}

export function onlyHas(object: Members, names: readonly string[]): void {
  const unknown = Object.keys(object).filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`unknown members: ${unknown.join(', ')}`);
}
