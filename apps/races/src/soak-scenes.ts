import { type Point, points } from './points.ts';
import { bundle, type Script } from './rig.ts';
import { freezeScene, killScene } from './scenes.ts';
import { median, spread } from './spread.ts';

/** Where KIS cannot have been asked yet, and where it was. */
const early: readonly Point[] = points.slice(0, points.indexOf('after-question-write'));
const late: readonly Point[] = points.slice(points.indexOf('answered'));
const policy = { intervalMs: 3_000, leaseMs: 2_000 };

/** One process is killed, or stopped, at each point of a question. */
export async function soakScenes(folder: string, times = 5): Promise<boolean> {
  const actor = await bundle('actor.ts', folder);
  let isKept = true;

  console.log(`\nkilled: the others' first question, and their token, in ms after the kill (${times} times each)`);
  for (const stopAt of points) {
    const { questions, tokens, isClean } = await repeat(actor, times, stopAt, killScene);
    // A quiet machine keeps to them every time; a noisy one in the middle.
    const isSlow =
      (early.includes(stopAt) && median(questions) > 500) ||
      (late.includes(stopAt) && median(tokens) > policy.intervalMs + 1_000);
    if (!isClean || isSlow) isKept = false;
  }
  console.log(
    `\nfrozen past the lease: the other's first question and token, in ms after the stop (${times} times each)`,
  );
  for (const stopAt of points) {
    const { isClean } = await repeat(actor, times, stopAt, freezeScene);
    if (!isClean) isKept = false;
  }
  return isKept;
}

/** Plays a scene several times. */
async function repeat(
  script: Script,
  times: number,
  stopAt: Point,
  play: typeof killScene,
): Promise<{ readonly questions: readonly number[]; readonly tokens: readonly number[]; readonly isClean: boolean }> {
  const questions: number[] = [];
  const tokens: number[] = [];
  let refused = 0;
  let isClean = true;
  for (let i = 0; i < times; i += 1) {
    const scene = await play(script, { stopAt, ...policy });
    await scene.end();
    questions.push(scene.questions[0]?.afterMs ?? 0);
    tokens.push(scene.tokens.at(-1)?.afterMs ?? 0);
    refused = Math.max(refused, scene.questions.filter(({ kisCode }) => kisCode !== '').length);
    if (refused > 0 || scene.exits.some((code) => code !== 0) || scene.stderr !== '') isClean = false;
  }
  console.log(
    `  ${stopAt.padEnd(21)} question ${spread(questions)}   token ${spread(tokens)}   refused at most ${refused}`,
  );
  return { questions, tokens, isClean };
}
