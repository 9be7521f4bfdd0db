import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MockServerOptions } from '@kis/mock';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished } from 'vitest';
import { needPosix } from '../../../packages/storage-file/test/posix.ts';
import type { CallerOptions } from '../src/caller.ts';
import { type Caller, type Callers, createCallers } from '../src/callers.ts';
import { bundle, type Script } from '../src/rig.ts';

/** Processes that share one budget. */
export interface BudgetScene {
  readonly callers: Callers;
  readonly all: readonly Caller[];
}

/** Such scenes, their program built once for a test file; each ends with its test. */
export function useBudgetScenes(): (
  count: number,
  given?: { readonly server?: MockServerOptions; readonly callers?: Partial<CallerOptions> },
) => Promise<BudgetScene> {
  let folder = '';
  let script: Script;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kis-callers-'));
    script = await bundle('caller.ts', folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach((context) => needPosix('signals that stop a process', context));
  return async (count, given) => {
    const callers = await createCallers(script, given);
    onTestFinished(() => callers.end());
    // It gets the token for all.
    const first = await callers.add();
    const others = await Promise.all(Array.from({ length: count - 1 }, () => callers.add()));
    return { callers, all: [first, ...others] };
  };
}

export const eventsOf = ({ lines }: Caller): string[] =>
  lines.flatMap((line) => (line.type === 'event' ? [line.event.type] : []));

export async function untilEvent(caller: Caller, type: string): Promise<void> {
  await caller.said('event', ({ event }) => event.type === type);
}

/** Resolves when so many calls were judged. */
export async function untilCalls({ callers }: BudgetScene, count: number): Promise<void> {
  while (callers.server.fake.log().calls < count) await sleep(10);
}

/** Each of its calls was answered, and KIS has refused none. */
export async function expectAllServed(
  { callers }: BudgetScene,
  calling: ReturnType<Callers['call']>,
  count: number,
  /** A process that is stopped between its turn and its bytes sends them when it is thawed: nothing in it can know. */
  mostRefusals = 0,
): Promise<void> {
  const done = await calling;
  expect(done.flatMap(({ errors }) => errors)).toEqual([]);
  expect(done.map(({ ok }) => ok)).toEqual(done.map(() => count));
  expect(callers.server.fake.log().refusals).toBeLessThanOrEqual(mostRefusals);
}

/** When calls were judged. */
export function momentsOf({ callers }: BudgetScene): number[] {
  const calls = callers.server.fake.log().entries.filter(({ path }) => path.startsWith('/uapi/'));
  return calls.map(({ atMs }) => atMs);
}

/** How many calls a second were judged after the first 18. */
export function rateOf(scene: BudgetScene): string {
  const moments = momentsOf(scene);
  const tookMs = Math.max(...moments) - Math.min(...moments);
  return (((moments.length - 18) / tookMs) * 1_000).toFixed(2);
}

/** The most of these moments in any 999 ms: an instant as large as `atMs` is no exact number of milliseconds. */
export function mostInASecond(moments: readonly number[]): number {
  return Math.max(...moments.map((fromMs) => moments.filter((atMs) => atMs >= fromMs && atMs < fromMs + 999).length));
}
