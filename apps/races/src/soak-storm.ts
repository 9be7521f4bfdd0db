import { randomInt } from 'node:crypto';
import { bundle } from './rig.ts';
import { storm } from './storm.ts';

/** Kills, stops and clock jumps at random points. A broken promise is told with what plays its round again. */
export async function soakStorm(
  folder: string,
  rounds = 2_000,
  seed: number = randomInt(1_000_000),
  round?: number,
): Promise<boolean> {
  const script = await bundle('storming.ts', folder);
  console.log(`\nstorm: ${rounds} rounds of 8 processes, seed ${seed}`);
  const sinceMs = performance.now();
  const { broken, counts } = await storm(script, {
    rounds,
    seed,
    round,
    onBroken: (what, number) =>
      console.log(`  BROKEN ${what}${number ? ` (again: soak storm 100 ${seed} ${number})` : ''}`),
  });

  const row = (name: string, ...cells: readonly (string | number)[]): string =>
    `  ${name.padEnd(50)}${cells.map((cell) => String(cell).padStart(12)).join('')}`;
  console.log(row('', 'rounds', 'issues', 'refusals', 'worst wait'));
  for (const [name, count] of counts) {
    console.log(row(name, count.rounds, count.issues, count.refusals, `${Math.round(count.worstWaitMs)} ms`));
  }
  const seconds = Math.round((performance.now() - sinceMs) / 1_000);
  console.log(`  ${broken.length} broken promises in ${rounds} rounds, ${seconds} s, seed ${seed}`);
  return broken.length === 0;
}
