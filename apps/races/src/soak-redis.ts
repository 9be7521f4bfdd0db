import { startRedis } from '@kis/redis-servers';
import { Redis } from 'ioredis';
import { type Point, points } from './points.ts';
import { bundle } from './rig.ts';
import { freezeScene, killScene, type Outcome } from './scenes.ts';
import { spread } from './spread.ts';

const policy = { intervalMs: 2_000, leaseMs: 1_500 };
/** They wait most of the time. */
const lanes = 6;

/** One process over Redis is killed, or stopped past its lease, at each point of a question. */
export async function soakRedis(folder: string, times = 200): Promise<boolean> {
  const actor = await bundle('actor.ts', folder);
  const redis = await startRedis();
  let isKept = true;

  async function play(what: string, stopAt: Point, scene: typeof killScene): Promise<void> {
    const tokens: number[] = [];
    let refused = 0;
    let broken = 0;
    let begun = 0;
    async function playLane(_: unknown, lane: number): Promise<void> {
      // A server of a scene may get the port, and so the key, of an earlier one.
      const redisUrl = `${redis.url}/${lane}`;
      const client = new Redis(redisUrl);
      while (begun < times) {
        begun += 1;
        await client.flushdb();
        const outcome = await scene(actor, { stopAt, ...policy, redisUrl });
        await outcome.end();
        tokens.push(outcome.tokens.at(-1)?.afterMs ?? 0);
        refused = Math.max(refused, outcome.questions.filter(({ kisCode }) => kisCode !== '').length);
        if (!isClean(outcome)) broken += 1;
      }
      client.disconnect();
    }
    await Promise.all(Array.from({ length: lanes }, playLane));
    if (broken > 0) isKept = false;
    const of = `${what} at ${stopAt}`.padEnd(30);
    console.log(`  ${of} token ${spread(tokens)}   refused at most ${refused}, broken ${broken} of ${times}`);
  }

  try {
    console.log(`\nover Redis, ${times} times each: the other's token in ms after the kill or the stop`);
    for (const stopAt of points) await play('killed', stopAt, killScene);
    for (const stopAt of points) await play('stopped', stopAt, freezeScene);
  } finally {
    await redis.stop();
  }
  return isKept;
}

/** No question too soon, which KIS refuses; everybody ends well, and the later token stays. */
function isClean({ questions, tokens, exits, stderr }: Outcome): boolean {
  const isEachGiven = questions.every(({ kisCode }) => kisCode === '');
  return (
    isEachGiven && questions.length <= 1 && tokens.length > 0 && exits.every((code) => code === 0) && stderr === ''
  );
}
