import { execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createTokenManager } from '@kis/token-core';
import { createOwners } from '@kis/versioned-file/parts';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createFileStorage } from '../src/index.ts';
import { countQuestions } from './count-questions.ts';
import { testWithNamespaces } from './mounts.ts';
import type { NamespaceReport } from './namespace-child.ts';
import { pretendProc } from './pretences.ts';
import { writeOver } from './records.ts';
import { tempDirectory } from './temp-directory.ts';

const key = 'real-1';
const HOUR_MS = 3_600_000;

const cwd = fileURLToPath(new URL('..', import.meta.url));

function nodeOf(script: URL): string[] {
  return [process.execPath, '--unhandled-rejections=strict', '--import', 'tsx', fileURLToPath(script)];
}
const child = nodeOf(new URL('./namespace-child.ts', import.meta.url));
const claimant = nodeOf(new URL('./namespace-claimant.ts', import.meta.url));

async function runInNamespace(directory: string, foreignTemp: string, ...options: string[]): Promise<NamespaceReport> {
  const node = [...child, directory, foreignTemp];
  const { stdout } = await promisify(execFile)('unshare', ['-pf', '--kill-child', ...options, ...node], {
    cwd,
    timeout: 25_000,
  });
  return JSON.parse(stdout) as NamespaceReport;
}

/**
 * Two processes in one pid namespace that see the /proc of this one: a claimant, whose pid is `pid` there, and one that comes
 * once there is a claim.
 */
async function runPairInNamespace(directory: string, pid: number): Promise<NamespaceReport> {
  const script = `
    echo $((${pid} - 1)) > /proc/sys/kernel/ns_last_pid
    ${claimant.join(' ')} ${directory} &
    test $! = ${pid} || exit 98
    until ls ${directory} | grep -q '[.]v1[.]'; do sleep 0.05; done
    ${child.join(' ')} ${directory} none`;
  const options = { cwd, timeout: 25_000 };
  const { stdout } = await promisify(execFile)('unshare', ['-pf', '--kill-child', 'sh', '-c', script], options);
  return JSON.parse(stdout) as NamespaceReport;
}

/** The pid of a process that is dead, and keeps its pid until the test is over. */
async function makeZombie(): Promise<number> {
  // The shell starts a child, becomes sleep before the child ends, and never asks for its end.
  const shell = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 20'], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void shell.kill('SIGKILL'));
  const pid = Number(await new Promise((resolve) => shell.stdout.once('data', resolve)));
  await expect.poll(() => readFileSync(`/proc/${pid}/stat`, 'utf8'), { timeout: 10_000 }).toMatch(/\) Z /);
  return pid;
}

describe('F10: in another pid namespace of this host', () => {
  for (const [where, ...options] of [
    ['with a /proc of its own', '--mount-proc'],
    ["that sees this one's /proc"],
  ] as const) {
    testWithNamespaces(`${where}, a pid tells neither the dead nor the living`, async () => {
      const directory = tempDirectory();
      const storage = createFileStorage({ directory });
      let refuse = (_error: Error): void => {};
      const answer = new Promise<never>((_resolve, reject) => {
        refuse = reject;
      });
      // The claimant and the owner is this process, whose pid is free over there.
      const manager = createTokenManager({
        appKey: 'PSTESTTESTTESTTESTTESTTESTTESTTEST01',
        appSecret: 'testsecret+/='.repeat(13),
        environment: 'real',
        storage,
        issuer: { timeoutMs: 20_000, issue: () => answer },
      });
      const given = new AbortController();
      const waiting = manager.getToken({ signal: given.signal }).catch(() => undefined);
      onTestFinished(async () => {
        refuse(new Error('The test is over'));
        await manager.close();
      });
      // Its claim, and its question.
      await expect.poll(() => readdirSync(directory).filter((name) => name.includes('.v'))).toHaveLength(2);
      const own = createOwners().tempName();
      writeFileSync(join(directory, own), '');

      const report = await runInNamespace(directory, own, ...options);
      given.abort();
      await waiting;
      expect(report).toMatchObject({ pid: 1, isAbandoned: false, asked: 0 });

      // There is a process 1 here, too, which says nothing of the child; it is gone, and its file has only its age.
      expect(readdirSync(directory)).toContain(report.tempName);
      await writeOver(storage, key, 1, 1);
      expect(readdirSync(directory)).toContain(report.tempName);
      const old = new Date(Date.now() - 1.1 * HOUR_MS);
      utimesSync(join(directory, report.tempName), old, old);
      await writeOver(storage, key, 1, 2);
      expect(readdirSync(directory)).not.toContain(report.tempName);
      expect(readdirSync(directory)).toContain(own);
    });
  }

  testWithNamespaces(
    "that sees this one's /proc, a claimant is not dead though its pid is a zombie's here",
    async () => {
      const directory = tempDirectory();
      const pair = runPairInNamespace(directory, await makeZombie());
      await expect.poll(() => readdirSync(directory).join(), { timeout: 10_000 }).toContain('.v1.');
      expect(await countQuestions(directory)).toBe(0);
      expect(await pair).toMatchObject({ asked: 0 });
    },
  );

  test('the name of a temporary file is another one, though host, boot and pid are the same', () => {
    const proc = (namespace: string) => ({
      '/proc/self': String(process.pid),
      [`/proc/${process.pid}/stat`]: `${process.pid} (node) S${' 1'.repeat(18)} 777 1`,
      '/proc/sys/kernel/random/boot_id': 'boot',
      '/proc/self/ns/pid': `pid:[${namespace}]`,
    });
    const [one, same, other] = ['1', '1', '2'].map((namespace) => {
      pretendProc(proc(namespace));
      return createOwners().tempName().split('-').slice(0, 4).join('-');
    });
    expect(hostname()).not.toBe('');
    expect(one).toBe(same);
    expect(other).not.toBe(one);
    expect(other?.split('-').slice(2)).toEqual([String(process.pid), '777']);
  });

  test("a /proc that is another namespace's is not asked", () => {
    pretendProc({
      '/proc/self': '4711',
      [`/proc/${process.pid}/stat`]: `${process.pid} (x) Z${' 1'.repeat(18)} 777 1`,
    });
    expect(createOwners().tempName().split('-').slice(2, 4)).toEqual([String(process.pid), '0']);
  });
});
