import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { freePort, GATEWAY_FOLDER } from './processes.ts';

const SOURCES = join(GATEWAY_FOLDER, 'dist', 'sources.json');
const BUILT = 'The gateway is built';

/** Starts it as `start` does, waits until it answers, ends it, and gives what it said. */
async function startOnce(): Promise<string> {
  const port = String(await freePort());
  const { PATH = '', HOME } = process.env;
  const child = spawn(process.execPath, ['src/start.js'], {
    cwd: GATEWAY_FOLDER,
    env: { PATH, HOME, PORT: port },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const isUp = () =>
    fetch(`http://127.0.0.1:${port}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isUp())) {
    if (child.exitCode !== null) throw new Error(`it has ended:\n${output}`);
    await sleep(50);
  }
  child.kill('SIGTERM');
  expect(await once(child, 'close')).toEqual([0, null]);
  return output;
}

test('a start builds the gateway where a source is newer than what was built, and only then', async () => {
  await startOnce();
  // As if each source had been changed since.
  await utimes(SOURCES, 0, 0);
  expect(await startOnce()).toContain(BUILT);
  expect(await startOnce()).not.toContain(BUILT);
}, 120_000);
