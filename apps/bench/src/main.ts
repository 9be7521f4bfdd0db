import { mkdirSync, writeFileSync } from 'node:fs';
import { parts } from './parts.ts';
import { fetchCcxt } from './peers/fetch-ccxt.ts';
import { describeRun, summarize, toResults } from './results.ts';
import { hasWrongCount, type Table, toMarkdown } from './table.ts';

// Arguments: the parts to run. Without any all of them run, and what they found is written to bench/RESULTS.md.
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !parts.some((part) => part.name === name));
if (unknown.length > 0) {
  throw new RangeError(`bench: no part ${unknown.join(', ')}; there are ${parts.map(({ name }) => name).join(', ')}`);
}

// Where it cannot be had, the tables say so.
await fetchCcxt().catch(() => {});
const run = describeRun();
console.log(`${run}\n`);
const found: Table[] = [];
for (const part of parts) {
  if (wanted.length > 0 && !wanted.includes(part.name)) continue;
  const startedMs = performance.now();
  const tables = await part.run();
  found.push(...tables);
  for (const table of tables) console.log(`${toMarkdown(table)}\n`);
  console.log(`(${part.name}: ${((performance.now() - startedMs) / 1_000).toFixed(0)} s)\n`);
}
console.log(summarize(found));

if (wanted.length === 0) {
  const folder = new URL('../../../bench/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL('RESULTS.md', folder), toResults(run, found));
}
// A machine may be busy; a count that is wrong is wrong.
process.exitCode = hasWrongCount(found) ? 1 : 0;
