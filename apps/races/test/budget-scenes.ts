import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished } from 'vitest';
import { needPosix } from '../../../packages/storage-file/test/posix.ts';
import { type Backend, type BudgetScene, type BudgetSceneOptions, createBudgetScene } from '../src/budget-scene.ts';
import type { Caller, Callers } from '../src/callers.ts';
import { bundle, type Script } from '../src/rig.ts';

/** The callers' program, built once for a test file. */
export function useCallers(): () => Script {
  let folder = '';
  let script: Script;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kis-callers-'));
    script = await bundle('caller.ts', folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach((context) => needPosix('signals that stop a process', context));
  return () => script;
}

/** Processes that share one budget, until the test ends. */
export function useBudgetScenes(): <By extends Backend>(
  by: By,
  count: number,
  given?: BudgetSceneOptions,
) => Promise<BudgetScene<By>> {
  const script = useCallers();
  return async (by, count, given) => {
    const scene = await createBudgetScene(script(), by, count, given);
    onTestFinished(() => scene.end());
    return scene;
  };
}

export async function untilEvent(caller: Caller, type: string): Promise<void> {
  await caller.said('event', ({ event }) => event.type === type);
}

/** Each of its calls was answered, and KIS has refused none. */
export async function expectAllServed(
  { callers }: BudgetScene,
  calling: ReturnType<Callers['call']>,
  count: number,
): Promise<void> {
  const done = await calling;
  expect(done.flatMap(({ errors }) => errors)).toEqual([]);
  expect(done.map(({ ok }) => ok)).toEqual(done.map(() => count));
  expect(callers.server.fake.log().refusals).toBe(0);
}
