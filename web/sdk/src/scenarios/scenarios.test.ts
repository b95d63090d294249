import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { SCHEDULE_SETTINGS } from '../domain/schedule/settings';
import { type Members, scenarioFiles } from './reading';
import { playSchedule } from './schedule-player';
import { playSync } from './sync-player';

const FOLDERS = { schedule: playSchedule, state: playSchedule, sync: playSync };
const files = Object.entries(FOLDERS).flatMap(([folder, play]) =>
  scenarioFiles(folder).map((file) => ({ ...file, play })),
);
let played = 0;

afterAll(() => console.log(`${played} scenarios of ${files.length} files were played`));

describe.each(files)('$name', ({ scenarios, play }) => {
  test.each(scenarios as Members[])('$name', async (scenario) => {
    await play(scenario);
    played += 1;
  });
});

test('what is no scenario is refused rather than passed over', async () => {
  await expect(playSync({ name: 'x', steps: [{ begins: {} }] })).rejects.toThrow('unknown members: begins');
  expect(() => playSchedule({ name: 'x', steps: [{ event: 'edited', at: 5 }] })).toThrow(
    'unknown members: at',
  );
  expect(() => playSchedule({ name: 'x', steps: [{ expect: { due: null } }] })).toThrow(
    'unknown members: due',
  );
});

test('the settings are those of client/schedule.json, but for what only simulations go by', () => {
  const path = new URL('../../../../client/schedule.json', import.meta.url);
  const { use: _, ...numbers } = JSON.parse(readFileSync(path, 'utf8'));
  expect(SCHEDULE_SETTINGS).toEqual(numbers);
});
