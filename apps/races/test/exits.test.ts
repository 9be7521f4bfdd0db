import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, type TestContext, test } from 'vitest';
import { needPosix } from '../../../packages/storage-file/test/posix.ts';
import type { Ending } from '../src/ending.ts';
import type { ExitPoint } from '../src/exiting.ts';
import { type Exit, type ExitOptions, type ExitScripts, exitPolicy, exitScene } from '../src/exits.ts';
import { bundle, type Script } from '../src/rig.ts';

let scripts: ExitScripts;
let endingScript: Script;
let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kis-exits-'));
  scripts = { exiting: await bundle('exiting.ts', folder), actor: await bundle('actor.ts', folder) };
  endingScript = await bundle('ending.ts', folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach((context) => needPosix('signals that stop a process or can be listened for', context));

async function play(options: ExitOptions, { onTestFinished }: Pick<TestContext, 'onTestFinished'>): Promise<Exit> {
  const exit = await exitScene(scripts, options);
  onTestFinished(exit.end);
  return exit;
}

/** What of a version, or of what is to become one, lies about. */
function leftovers({ cast }: Exit): string[] {
  return readdirSync(cast.directory).filter((name) => !/^[a-z0-9-]+\.v\d+\.json$/.test(name));
}

/** Another process gets a token at once, and leaves nothing of the one that ended. */
async function expectNextToBeFree(exit: Exit): Promise<void> {
  const next = await exit.next();
  expect([next.ended, next.stderr]).toEqual([0, '']);
  // KIS may have counted the question of the one that ended; another does not have to wait for anything else.
  expect(next.questions.filter(({ kisCode }) => kisCode !== '').length).toBeLessThanOrEqual(1);
  expect(next.questions[0]?.afterMs ?? 0).toBeLessThan(exitPolicy.leaseMs / 2);
  expect(next.record?.token).toBeDefined();
  expect(next.record?.attempts.filter(({ outcome }) => outcome === 'pending')).toEqual([]);
  expect(leftovers(exit)).toEqual([]);
}

const points: ExitPoint[] = ['asking', 'before-temp-file', 'before-claim-write', 'waiting', 'idle'];
const endings = [
  ['SIGTERM', 'SIGTERM'],
  ['SIGINT', 'SIGINT'],
  ['exit', 7],
  ['throw', 1],
] as const;

describe.concurrent.each(points)('F12: a process that is ended at "%s"', (at) => {
  test.for(endings)("by %s ends as it would without us (%s), and is in nobody's way", async ([by, code], context) => {
    const exit = await play({ at, by }, context);
    expect(exit.ended).toBe(code);
    if (by === 'throw') expect(exit.stderr).toContain('Error: planted');
    else expect(exit.stderr).toBe('');
    // It was where it is said to have been.
    if (at === 'asking') expect(exit.record?.attempts).toMatchObject([{ outcome: 'pending' }]);
    if (at === 'before-claim-write') expect(leftovers(exit).join()).toMatch(/\.tmp/);
    await expectNextToBeFree(exit);
  });
});

describe.concurrent('F12: a process that closes what it opened when a signal comes', () => {
  test.for<ExitPoint>(['before-temp-file', 'before-claim-write'])(
    'gives its claim back that was being written at "%s", and KIS is not asked',
    async (at, context) => {
      const exit = await play({ at, by: 'SIGTERM', closes: true }, context);
      expect([exit.ended, exit.stderr]).toEqual([143, '']);
      expect(exit.lines.slice(1)).toEqual(
        expect.arrayContaining([{ type: 'error', code: 'ERR_TOKEN_ISSUE' }, { type: 'closed' }]),
      );
      // It may have been written already: then it has no lease any more.
      for (const attempt of exit.record?.attempts ?? []) expect(attempt).toMatchObject({ leaseMs: 0 });
      expect(exit.cast.server.fake.log().tokenRequests).toBe(0);
      const next = await exit.next();
      expect(next.questions).toEqual([{ afterMs: expect.any(Number), kisCode: '' }]);
      expect(leftovers(exit)).toEqual([]);
    },
  );

  test('brings its question to an end and stores the answer: the next one asks nothing', async (context) => {
    const exit = await play({ at: 'asking', by: 'SIGINT', closes: true }, context);
    expect([exit.ended, exit.stderr]).toEqual([143, '']);
    expect(exit.lines.slice(1)).toEqual(expect.arrayContaining([{ type: 'token' }, { type: 'closed' }]));
    expect(exit.record).toMatchObject({ token: { value: expect.any(String) }, attempts: [{ outcome: 'issued' }] });
    expect((await exit.next()).questions).toEqual([]);
  });

  test('tells a caller that waits, and does not wait itself', async (context) => {
    const exit = await play({ at: 'waiting', by: 'SIGTERM', closes: true }, context);
    expect([exit.ended, exit.stderr]).toEqual([143, '']);
    expect(exit.lines.slice(1)).toEqual(
      expect.arrayContaining([{ type: 'error', code: 'ERR_TOKEN_ISSUE' }, { type: 'closed' }]),
    );
    expect(exit.record?.attempts).toMatchObject([{ outcome: 'refused' }]);
  });
});

describe('F12: a process that only takes a token that is there', () => {
  test('listens for no signal', async (context) => {
    const exit = await play({ at: 'idle', isTokenThere: true }, context);
    expect(exit.lines).toEqual([{ type: 'token' }, { type: 'reached', listeners: 0 }]);
  });
});

describe.concurrent('F12: a process that has written ends as one that has not', () => {
  /** How a process ends that writes to 20 storages first, or does not, and what it says. */
  async function end(ending: Ending, uses: 'writes' | 'reads nothing'): Promise<readonly [unknown, string, string]> {
    const directory = mkdtempSync(join(folder, 'ending-'));
    const args = [process.execPath, endingScript.file, directory, ending, uses];
    // In blocks of 512 bytes, or in some shells of 1,024.
    const child = spawn('sh', ['-c', 'ulimit -c 0; ulimit -f 8; exec "$@"', 'sh', ...args]);
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (text) => (output[name] += text));
    const [code, signal] = await once(child, 'close');
    return [code ?? signal, output.stdout, output.stderr];
  }

  test.for<[Ending, number | string, string]>([
    ['waits for ever', 13, ''],
    ['throws at its exit', 1, '0\n'],
    ['listens once', 42, 'ending\n'],
    ['listens once, before others', 42, 'ending\n'],
    ['takes its listener off', 42, 'ending\n'],
    ['listens to nothing', 'SIGTERM', ''],
    ['writes too much', 0, 'EFBIG\n'],
  ])('where it %s: %s', async ([ending, ended, said], { expect }) => {
    const [without, withUs] = await Promise.all([end(ending, 'reads nothing'), end(ending, 'writes')]);
    expect(without.slice(0, 2)).toEqual([ended, said]);
    const ofStorage = ending === 'writes too much' ? 'storage EFBIG\n' : '';
    expect(withUs.slice(0, 2)).toEqual([ended, `${said}${ofStorage}`]);
    const lines = ([, , stderr]: readonly [unknown, string, string]) => stderr.split('\n').length;
    expect(lines(withUs)).toBe(lines(without));
  });
});

describe('T9: a process', () => {
  test('with a caller that waits does not end before it is served', async (context) => {
    const exit = await play({ at: 'waiting' }, context);
    expect([exit.ended, exit.stderr]).toEqual([0, '']);
    expect(exit.lines).toEqual([{ type: 'reached', listeners: expect.any(Number) }, { type: 'token' }]);
    expect(exit.record?.token).toBeDefined();
  });

  test.for([true, false])(
    'with a token, a renewal and a watcher, and nothing to do, ends by itself within 5 s (the token was there: %o)',
    async (isTokenThere, context) => {
      const exit = await play({ at: 'idle', isTokenThere }, context);
      expect([exit.ended, exit.stderr]).toEqual([0, '']);
      expect(exit.endedAfterMs).toBeLessThan(5_000);
    },
  );
});
