import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { buildServer } from '../src/build-server.ts';
import { APP_KEY, APP_SECRET, tempDirectory } from './harness.ts';
import { freePort, GATEWAY_FOLDER } from './processes.ts';

const BUILT_OF = join(GATEWAY_FOLDER, 'dist', 'sources.json');
const BUILT = 'The gateway is built';

/** Starts it as `start` does, waits until it answers, ends it, and gives what it said. */
async function startOnce(more: Record<string, string> = {}): Promise<string> {
  const port = String(await freePort());
  const { PATH = '', HOME } = process.env;
  const child = spawn(process.execPath, ['src/start.js'], {
    cwd: GATEWAY_FOLDER,
    env: { PATH, HOME, PORT: port, ...more },
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

test('a start builds the gateway where a source is another than it was built of, be it an older one, and only then', async () => {
  await startOnce();
  const sources = JSON.parse(await readFile(BUILT_OF, 'utf8')) as [path: string, mtimeMs: number, size: number][];
  // As if it had been built of newer ones.
  const newer = sources.map(([path, mtimeMs, size]) => [path, mtimeMs + 1_000, size]);
  await writeFile(BUILT_OF, JSON.stringify(newer));
  expect(await startOnce()).toContain(BUILT);
  expect(await startOnce()).not.toContain(BUILT);
}, 120_000);

test('a start takes a relative path from where the command was given, though pnpm runs it in a folder of its own', async () => {
  const folder = await tempDirectory();
  const accounts = [{ appKey: APP_KEY, appSecret: APP_SECRET }];
  await writeFile(join(folder, 'accounts.json'), JSON.stringify({ accounts }));
  await startOnce({
    ...{ INIT_CWD: folder, SECRETS_FILE: 'accounts.json', KIS_TOKEN_FILE_PATH: 'tokens/token.json' },
    KIS_API_BASE_URL_VIRTUAL: 'http://127.0.0.1:9',
  });
  expect(await readdir(folder)).toEqual(['accounts.json', 'tokens']);
  expect(existsSync(join(GATEWAY_FOLDER, 'tokens'))).toBe(false);
}, 120_000);

/** What `start` says in a folder with a build that does `build`, and with what was built before, if it was. */
async function startWith(build: string, before?: string): Promise<{ status: number | null; lines: string[] }> {
  const folder = await tempDirectory();
  for (const name of ['src', 'dist']) await mkdir(join(folder, name));
  await symlink(join(GATEWAY_FOLDER, 'node_modules'), join(folder, 'node_modules'));
  await copyFile(join(GATEWAY_FOLDER, 'src', 'start.js'), join(folder, 'src', 'start.js'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(join(folder, 'src', 'build.ts'), build);
  if (before !== undefined) await writeFile(join(folder, 'dist', 'main.js'), before);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['src/start.js'], { cwd: folder, encoding: 'utf8' });
  return { status, lines: `${stderr}${stdout}`.trim().split('\n') };
}

describe('a start that can build nothing', () => {
  const build = "throw new Error('EACCES: permission denied')";

  test('runs what was built before, and says why in a line', async () => {
    const { status, lines } = await startWith(build, "console.log('runs')");
    expect([status, lines]).toEqual([
      0,
      [
        expect.stringContaining(BUILT),
        'That failed (Error: EACCES: permission denied), so it runs as it was built before',
        'runs',
      ],
    ]);
  });

  test('ends where nothing was, and tells all of it', async () => {
    const { status, lines } = await startWith(build);
    expect(status).toBe(1);
    expect(lines.join('\n')).toMatch(/EACCES: permission denied.*\n +at .*build\.ts/s);
  });
});

describe('a build', () => {
  test('is made in the folder that git does not look at, and takes away what a killed one has left', async () => {
    const parent = join(GATEWAY_FOLDER, 'node_modules', `.test-build-${process.pid}`);
    onTestFinished(() => rm(parent, { recursive: true, force: true }));
    const folder = join(parent, 'dist');
    for (const name of ['.killed', '.under-way']) await mkdir(join(folder, name), { recursive: true });
    await utimes(join(folder, '.killed'), 0, 0);
    await writeFile(join(folder, 'chunk-OLD.js'), '');
    const building = buildServer(folder);
    const asides = async () => (await readdir(folder)).filter((name) => /^\.[\da-f-]{36}$/.test(name));
    await vi.waitFor(async () => expect(await asides()).toHaveLength(1));
    expect(await readdir(parent)).toEqual(['dist']);
    await building;
    const names = await readdir(folder);
    expect(names.filter((name) => name.startsWith('.'))).toEqual(['.under-way']);
    expect(names).toEqual(expect.arrayContaining(['main.js', 'sources.json']));
    expect(names).not.toContain('chunk-OLD.js');
  }, 60_000);

  test('replaces one under the feet of whoever starts from it, file by file', async () => {
    const folder = join(GATEWAY_FOLDER, 'node_modules', `.test-rebuild-${process.pid}`);
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await buildServer(folder);
    const before = await readdir(folder);
    const { ino } = await stat(folder);
    await Promise.all([buildServer(folder), buildServer(folder)]);
    expect(await readdir(folder)).toEqual(before);
    // Had it been another folder, there would have been a moment without any.
    expect((await stat(folder)).ino).toBe(ino);
  }, 120_000);
});
