import { randomInt } from 'node:crypto';
import { type BudgetRound, blowsOf, playBlow, playLostReplies, pointsOf } from './budget-round.ts';
import { backends } from './budget-scene.ts';
import { between, createRandom, type Random } from './random.ts';
import { bundle, type Script } from './rig.ts';

/** They wait most of the time. */
const lanes = 6;
/** A lease, and silence at the beginning and the end of what cannot be reached: whoever is later is stuck. */
const latestMs = 8_000;

/** Rounds of several kinds, which are played in turn. */
interface Row {
  readonly what: string;
  readonly kinds: readonly Kind[];
}

interface Kind {
  readonly name: string;
  play(random: Random): Promise<BudgetRound>;
}

/** One of three processes that share a budget, or their Redis, is killed or stopped at each point of an exchange and of a call. */
export async function soakBudget(folder: string, times = 200, seed: number = randomInt(1_000_000)): Promise<boolean> {
  const script = await bundle('caller.ts', folder);
  console.log(`\na budget of 18 a second, ${times} rounds at each point, seed ${seed}`);
  console.log('  after each kind: how late those were that were not hit, in s');
  let broken = 0;
  for (const row of rowsOf(script)) broken += await play(row, times, seed);
  return broken === 0;
}

function rowsOf(script: Script): Row[] {
  const rows = backends.flatMap((by) =>
    pointsOf[by].map((at): Row => {
      const kinds = blowsOf[by].map((blow) => ({
        name: blow,
        play(random: Random) {
          const stop = { at, time: at === 'waiting' ? 1 : between(random, 1, 6) };
          return playBlow(script, { by, blow, stop, awayMs: between(random, 0, 2_500) });
        },
      }));
      return { what: `${by}, ${at}`, kinds };
    }),
  );
  const lose = (random: Random) => {
    const timesMs = [1, 2, 3].map(() => between(random, 50, 800));
    return playLostReplies(script, timesMs);
  };
  return [...rows, { what: 'Redis, three replies lost', kinds: [{ name: 'lost', play: lose }] }];
}

/** Prints a line for the row. How many of its rounds are broken. */
async function play({ what, kinds }: Row, times: number, seed: number): Promise<number> {
  const played: { readonly kind: Kind; readonly round: BudgetRound; readonly isBroken: boolean }[] = [];
  let begun = 0;
  async function playLane(): Promise<void> {
    while (begun < times) {
      const n = begun;
      begun += 1;
      const kind = kinds[n % kinds.length] as Kind;
      const round = await kind.play(createRandom(seed, n));
      const { broken, lateMs } = round;
      const all = lateMs > latestMs ? [...broken, `${Math.round(lateMs)} ms late`] : broken;
      for (const each of all) console.log(`  BROKEN ${what}, ${kind.name}, round ${n}: ${each}`);
      played.push({ kind, round, isBroken: all.length > 0 });
    }
  }
  await Promise.all(Array.from({ length: lanes }, playLane));

  const broken = played.filter(({ isBroken }) => isBroken).length;
  const most = Math.max(...played.map(({ round }) => round.most - round.excused));
  const excused = played.reduce((sum, { round }) => sum + round.excused, 0);
  const late = kinds.map((kind) => {
    const lateMs = played.map(({ kind: of, round }) => (of === kind ? round.lateMs : 0));
    return `${kind.name} ${(Math.max(0, ...lateMs) / 1_000).toFixed(1)}`;
  });
  const sentLate = excused === 0 ? '' : ` and ${excused} sent late by who was stopped`;
  console.log(
    `  ${what.padEnd(26)} broken ${broken} of ${times}, at most ${most} a second${sentLate}; ${late.join(', ')}`,
  );
  return broken;
}
