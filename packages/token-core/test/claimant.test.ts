import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createClaimants } from '../src/claimant.ts';

const claimants = createClaimants();
const here = claimants.self.split('.').slice(0, -2).join('.');
const startOf = (pid: number) => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
};

async function sleeper(): Promise<{ child: ChildProcess; pid: number; by: string }> {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 20000)'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'spawn');
  const pid = child.pid as number;
  return { child, pid, by: `${here}.${pid}.${startOf(pid)}` };
}

describe('a claimant', () => {
  test('names host, boot, pid namespace, pid and start of its process', () => {
    expect(claimants.self.split('.').slice(-2)).toEqual([String(process.pid), startOf(process.pid)]);
    expect(claimants.isNeighbour(claimants.self)).toBe(true);
    expect(claimants.isDead(claimants.self)).toBe(false);
  });

  test('is dead once it was killed', async () => {
    const { child, by } = await sleeper();
    expect(claimants.isDead(by)).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(claimants.isDead(by)).toBe(true);
  });

  test('is alive while it is stopped', async () => {
    const { child, by } = await sleeper();
    child.kill('SIGSTOP');
    expect(claimants.isDead(by)).toBe(false);
  });

  test('is dead where its pid is another process by now', async () => {
    const { pid } = await sleeper();
    expect(claimants.isDead(`${here}.${pid}.1`)).toBe(true);
  });

  test('is dead as a zombie', async () => {
    // The child ends after the shell was replaced by a sleep, which never reaps it.
    const shell = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 20'], { stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(() => void shell.kill('SIGKILL'));
    const [line] = (await once(shell.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString().trim());
    let state = '';
    for (let i = 0; i < 200 && state !== 'Z'; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
    }
    expect(state).toBe('Z');
    expect(claimants.isDead(`${here}.${pid}.${startOf(pid)}`)).toBe(true);
  });

  test.each([
    ['another host', 'elsewhere.boot.1.1.1'],
    ['another boot', claimants.self.replace(here, `${here.split('.')[0]}.other-boot.1`)],
    ['nothing readable', 'x'],
    ['a pid that is none', `${here}.-1.5`],
    ['nothing', ''],
  ])('of %s is not known to be dead', (_, by) => {
    expect(claimants.isDead(by)).toBe(false);
  });

  test('whose start the platform does not tell is dead when its pid is free', async () => {
    const { child, pid } = await sleeper();
    expect(claimants.isDead(`${here}.${pid}.-`)).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(claimants.isDead(`${here}.${pid}.-`)).toBe(true);
  });
});
