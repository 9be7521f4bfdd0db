// Starts the gateway from `dist`, which is made where there is none and where a source is another than it was made of. In
// JavaScript: to read TypeScript takes longer than all else of a start.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const dist = new URL('../dist/', import.meta.url);
const main = new URL('main.js', dist);

function isFresh() {
  try {
    return JSON.parse(readFileSync(new URL('sources.json', dist), 'utf8')).every(([path, mtimeMs, size]) => {
      const source = statSync(new URL(path, dist));
      return source.mtimeMs === mtimeMs && source.size === size;
    });
  } catch {
    return false;
  }
}

function build() {
  console.error('The gateway is built, as at its first start and whenever a source of it has changed');
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'src/build.ts', 'server'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 'inherit', 'pipe'],
    encoding: 'utf8',
  });
  if (status === 0) return;
  if (!existsSync(main)) {
    console.error(stderr);
    process.exit(status ?? 1);
  }
  // esbuild's own word, or Node's.
  const [why] = /^\S+: ERROR: .*$/m.exec(stderr) ?? /^\w*Error\b.*$/m.exec(stderr) ?? ['it was ended'];
  console.error(`That failed (${why}), so it runs as it was built before`);
}

if (!isFresh()) build();
await import(main.href);
