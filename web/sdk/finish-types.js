// Declarations name their neighbours as the sources do, without an extension; Node's resolution wants one.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const TYPES = new URL('dist/types/', import.meta.url);

for (const name of readdirSync(TYPES, { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.d.ts')) continue;
  const file = new URL(name, TYPES);
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/(from |import\()(['"])(\.[^'"]+)\2/g, '$1$2$3.js$2'));
}
