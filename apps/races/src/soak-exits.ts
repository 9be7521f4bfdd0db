import { measureIdleEnd } from './exits.ts';
import { bundle } from './rig.ts';
import { median, spread } from './spread.ts';

/** A process with a token, a renewal and a watcher has nothing else to do. */
export async function soakExits(folder: string, times = 10): Promise<boolean> {
  const scripts = { exiting: await bundle('exiting.ts', folder), actor: await bundle('actor.ts', folder) };
  const endedMs: number[] = [];
  for (let i = 0; i < times; i += 1) endedMs.push(await measureIdleEnd(scripts));
  console.log(`\nidle: the process's end, in ms after it had its token (${times} times)\n  ${spread(endedMs)}`);
  return median(endedMs) < 300;
}
