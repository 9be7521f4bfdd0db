import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

interface Run {
  readonly child: ChildProcess;
  readonly output: { out: string; err: string };
  /** The exit code. */
  readonly ended: Promise<number | null>;
}

function run(...args: string[]): Run {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/bin.ts', ...args], { cwd: PACKAGE });
  children.push(child);
  const output = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    output.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output.err += chunk;
  });
  return { child, output, ended: once(child, 'close').then(([code]) => code) };
}

describe('kis-mock', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('prints its url in one line, serves, and stops on %s', async (signal) => {
    const { child, output, ended } = run('--port', '0', '--environment', 'virtual', '--symbols', '5');
    await expect.poll(() => output.out, { timeout: 20_000 }).toContain('\n');
    const [, url = ''] = /^kis-mock \(virtual\) listens on (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(output.out) ?? [];
    expect((await fetch(`${url}/__log`)).status).toBe(200);
    child.kill(signal);
    const code = await ended;
    // On Windows a signal ends the process at once.
    if (process.platform !== 'win32') expect(code).toBe(0);
    expect(output.err).toBe('');
  });

  test('explains itself with --help', async () => {
    const { output, ended } = run('--help');
    expect(await ended).toBe(0);
    expect(output.out).toContain('--port');
  });

  test.each([
    [['--limit', 'many'], 'kis-mock: --limit must be a whole number, got "many"\n'],
    [['--limit', '0'], 'kis-mock: `limit` must be an integer >= 1, got 0\n'],
    [['--environment', 'paper'], 'kis-mock: --environment must be real or virtual, got "paper"\n'],
    [['--scenario', 'none.json'], 'kis-mock: `scenario` "none.json" cannot be read'],
    [['--prot', '9443'], "kis-mock: Unknown option '--prot'"],
  ])('ends with 1 and says what is wrong with %j', async (args, message) => {
    const { output, ended } = run(...args);
    expect(await ended).toBe(1);
    expect(output.err).toContain(message);
    expect(output.out).toBe('');
  });
});
