import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contest } from './contest.ts';
import type { Point } from './points.ts';
import { bundle, type Script } from './rig.ts';
import { freezeScene, killScene } from './scenes.ts';

// Long, bounded races. Ends with 1 where one of them broke a promise.

const folder = mkdtempSync(join(tmpdir(), 'kis-soak-'));
const points = ['claimed', 'before-claim-link', 'after-claim-link', 'answered', 'before-answer-link'] as const;
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
    if (result.twoWinners + result.lostUpdates + result.errors + result.noWinner > 0) process.exitCode = 1;
  }

  console.log(`\nkilled: the others' first question, and their token, in ms after the kill (${scenes} times each)`);
  for (const stopAt of points) {
    const { question, token } = await repeat(actor, stopAt, killScene);
    // A quiet machine keeps to them every time; a noisy one in the middle.
    if (question > 500 || token > policy.intervalMs + 1_000) process.exitCode = 1;
  }
  console.log(
    `\nfrozen past the lease: the other's first question and token, in ms after the stop (${scenes} times each)`,
  );
  for (const stopAt of points) await repeat(actor, stopAt, freezeScene);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Plays a scene several times; the medians. */
async function repeat(
  script: Script,
  stopAt: Point,
  play: typeof killScene,
): Promise<{ readonly question: number; readonly token: number }> {
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
  return { question: median(questions), token: median(tokens) };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function spread(values: readonly number[]): string {
  return `median ${Math.round(median(values))}, max ${Math.round(Math.max(...values))}`.padEnd(24);
}
