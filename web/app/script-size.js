// The script that the page loads at first, as it travels: fails where it is more than the page may weigh.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const DIST = new URL('../dist/', import.meta.url);
const BYTES_MAX = 100_000;

const page = readFileSync(new URL('index.html', DIST), 'utf8');
const first = [...page.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map((match) => match[1] ?? '');
let bytes = 0;
for (const name of first) {
  const size = gzipSync(readFileSync(new URL(name, DIST)), { level: 9 }).length;
  console.log(`${name}: ${size.toLocaleString('en')} bytes of script, gzipped`);
  bytes += size;
}
const text = `The page loads ${bytes.toLocaleString('en')} bytes of script at first, of at most ${BYTES_MAX.toLocaleString('en')}.`;
if (first.length === 0 || bytes > BYTES_MAX) {
  console.error(first.length === 0 ? 'dist/index.html loads no script.' : text);
  process.exit(1);
}
console.log(text);
