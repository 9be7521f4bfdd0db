// Starts the gateway from `dist`, which is made where there is none and where a source is newer. In JavaScript: to read
// TypeScript takes longer than all else of a start.
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const dist = new URL('../dist/', import.meta.url);
const list = new URL('sources.json', dist);

function isFresh() {
  try {
    const { mtimeMs } = statSync(list);
    return JSON.parse(readFileSync(list, 'utf8')).every((path) => statSync(new URL(path, dist)).mtimeMs < mtimeMs);
  } catch {
    return false;
  }
}

if (!isFresh()) {
  console.error('The gateway is built, which is done once');
  const args = ['--import', 'tsx', 'src/build.ts', 'server'];
  const { status } = spawnSync(process.execPath, args, {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}
await import(new URL('main.js', dist).href);
