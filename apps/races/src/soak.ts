import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { soakBudget } from './soak-budget.ts';
import { soakContests } from './soak-contests.ts';
import { soakExits } from './soak-exits.ts';
import { soakRedis } from './soak-redis.ts';
import { soakScenes } from './soak-scenes.ts';
import { soakStorm } from './soak-storm.ts';

// Long, bounded races: all parts, or the one that is named. Ends with 1 where a promise was broken.

/** A part is given a folder for its programs, and the numbers behind its name. Resolves to whether every promise was kept. */
type Part = (folder: string, ...numbers: (number | undefined)[]) => Promise<boolean>;

const parts: Readonly<Record<string, Part>> = {
  contests: soakContests,
  scenes: soakScenes,
  exits: soakExits,
  storm: soakStorm,
  redis: soakRedis,
  budget: soakBudget,
};

const [name, ...words] = process.argv.slice(2);
const numbers = words.map(Number);
const chosen = Object.entries(parts).filter(([each]) => name === undefined || name === each);
if (chosen.length === 0 || numbers.some(Number.isNaN)) {
  console.error(`usage: soak [${Object.keys(parts).join(' | ')}] [numbers]
  contests [rounds of 8 processes] [rounds of 32]
  scenes   [times]
  exits    [times]
  storm    [rounds] [seed] [only this round]
  redis    [times]
  budget   [times] [seed]`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'kis-soak-'));
try {
  for (const [, play] of chosen) if (!(await play(folder, ...numbers))) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
