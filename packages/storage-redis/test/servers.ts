import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

const appKey = 'PSTESTTESTTESTTESTTESTTESTTESTTEST01';
const appSecret = 'testsecret+/='.repeat(13);

/** Processes that share the token of one app key. */
export interface Servers {
  /** One for each: by so much its clock is fast. */
  start(clocksOffMs: readonly number[]): Promise<void>;
  /** What each of them gets at one moment. */
  ask(): Promise<string[]>;
}

export function createServers(url: string, baseUrl: string): Servers {
  const children: ChildProcess[] = [];
  onTestFinished(() => {
    for (const child of children) child.kill('SIGKILL');
  });
  const boot = new URL('server-process.boot.mjs', import.meta.url);
  return {
    async start(clocksOffMs) {
      const more = clocksOffMs.map((clockOffMs) =>
        fork(boot, [JSON.stringify({ url, baseUrl, appKey, appSecret }), String(clockOffMs)]),
      );
      children.push(...more);
      await Promise.all(more.map((child) => once(child, 'message')));
    },
    async ask() {
      const answers = children.map((child) => once(child, 'message'));
      const atMs = performance.timeOrigin + performance.now() + 50;
      for (const child of children) child.send({ atMs });
      return (await Promise.all(answers)).map(([value]) => String(value));
    },
  };
}
