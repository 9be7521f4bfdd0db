import { contest } from './contest.ts';
import { bundle } from './rig.ts';

/** All processes write over the same version at one instant. */
export async function soakContests(folder: string, rounds8 = 2_000, rounds32 = 500): Promise<boolean> {
  const contender = await bundle('contender.ts', folder);
  let isKept = true;
  console.log('compareAndSet on one `expected`, all processes at one instant');
  for (const [processes, rounds] of [
    [8, rounds8],
    [32, rounds32],
  ] as const) {
    const result = await contest(contender, processes, rounds);
    console.log(`  ${processes} processes:`, JSON.stringify({ ...result, msPerRound: Math.round(result.msPerRound) }));
    if (result.twoWinners + result.lostUpdates + result.errors + result.noWinner > 0) isKept = false;
  }
  return isKept;
}
