import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { needPosix } from '../../../packages/storage-file/test/posix.ts';
import { bundle, type Script } from '../src/rig.ts';
import { storm } from '../src/storm.ts';
import { drawPlan } from '../src/storm-plan.ts';

let folder = '';
let script: Script;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kis-storm-'));
  script = await bundle('storming.ts', folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach((context) => needPosix('signals that stop a process or can be listened for', context));

describe('eight processes that are killed, stopped and given wrong clocks at random points', () => {
  test('ask no sooner than they may, keep the latest token, and leave nothing behind', {
    timeout: 120_000,
  }, async () => {
    const { broken, counts, rounds } = await storm(script, { rounds: 15, seed: 3 });
    expect(broken).toEqual([]);
    expect(rounds).toBe(15);
    const names = [...counts.keys()].join();
    for (const kind of ['kill', 'freeze', 'clock']) expect(names).toContain(kind);
  });

  test('have the same done to them in a round of the same number and seed', () => {
    expect(drawPlan(3, 7)).toEqual(drawPlan(3, 7));
    expect(drawPlan(3, 7)).not.toEqual(drawPlan(3, 8));
    expect(drawPlan(3, 7)).not.toEqual(drawPlan(4, 7));
  });
});

describe('the storm', () => {
  test('finds processes that share no storage', { timeout: 60_000 }, async () => {
    const { broken } = await storm(script, { rounds: 3, seed: 3, isApart: true });
    expect(broken.join('\n')).toMatch(/questions within the interval/);
  });

  test('finds managers that keep no interval', { timeout: 120_000 }, async () => {
    // What happens in a round depends on the machine, too: one storm may pass by luck, ten do not.
    let found: readonly string[] = [];
    for (let seed = 3; seed < 13 && found.length === 0; seed++) {
      found = (await storm(script, { rounds: 10, seed, minIssueIntervalMs: 0 })).broken;
    }
    expect(found.join('\n')).toMatch(/questions within the interval/);
  });
});
