import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contest } from './contest.ts';
import type { Point } from './points.ts';
import { bundle, type Script } from './rig.ts';
import { freezeScene, killScene } from './scenes.ts';

// Long, bounded races. Ends with 1 where one of them broke a promise.

const folder = mkdtempSync(join(tmpdir(), 'kis-soak-'));
const policy = { intervalMs: 3_000, leaseMs: 2_000 };
const [rounds8 = 2_000, rounds32 = 500, scenes = 5] = process.argv.slice(2).map(Number);

try {
  const contender = await bundle('contender.ts', folder);
  const actor = await bundle('actor.ts', folder);

  console.log('compareAndSet on one `expected`, all processes at one instant');
  for (const [processes, rounds] of [
    [8, rounds8],
    [32, rounds32],
  ] as const) {
    const result = await contest(contender, processes, rounds);
    console.log(`  ${processes} processes:`, JSON.stringify({ ...result, msPerRound: Math.round(result.msPerRound) }));
    if (result.twoWinners + result.lostUpdates + result.errors > 0) process.exitCode = 1;
  }

  console.log(`\nkilled: the others' first question, and their token, in ms after the kill (${scenes} times each)`);
  for (const stopAt of [
    'claimed',
    'before-claim-link',
    'after-claim-link',
    'answered',
    'before-answer-link',
  ] as const) {
    await repeat(actor, stopAt, killScene);
  }
  console.log(`\nfrozen past the lease: the other's questions and token, in ms after the stop (${scenes} times each)`);
  for (const stopAt of [
    'claimed',
    'before-claim-link',
    'after-claim-link',
    'answered',
    'before-answer-link',
  ] as const) {
    await repeat(actor, stopAt, freezeScene);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function repeat(script: Script, stopAt: Point, play: typeof killScene): Promise<void> {
  const questions: number[] = [];
  const tokens: number[] = [];
  let refused = 0;
  for (let i = 0; i < scenes; i += 1) {
    const scene = await play(script, { stopAt, ...policy });
    await scene.end();
    questions.push(scene.questions[0]?.afterMs ?? 0);
    tokens.push(scene.tokens.at(-1)?.afterMs ?? 0);
    refused = Math.max(refused, scene.questions.filter(({ kisCode }) => kisCode !== '').length);
    if (refused > 1 || scene.exits.some((code) => code !== 0) || scene.stderr !== '') process.exitCode = 1;
  }
  console.log(
    `  ${stopAt.padEnd(20)} question ${spread(questions)}   token ${spread(tokens)}   refused at most ${refused}`,
  );
}

function spread(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b).map(Math.round);
  return `median ${sorted[Math.floor(sorted.length / 2)]}, max ${sorted.at(-1)}`.padEnd(24);
}
