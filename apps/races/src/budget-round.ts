import { setTimeout as sleep } from 'node:timers/promises';
import { type RedisServer, startProxy } from '@kis/redis-servers';
import { type Backend, type BudgetScene, createBudgetScene } from './budget-scene.ts';
import type { CallerPoint, CallerStop } from './caller-points.ts';
import type { Caller, Done } from './callers.ts';
import { mostInASecond } from './most-in-a-second.ts';
import type { Script } from './rig.ts';

/** What is done when one of three processes has stopped itself at a point of its exchange. It then goes on, unless it was killed. */
export type Blow = 'killed' | 'stopped' | 'stopped past its lease' | 'Redis killed' | 'Redis frozen';

export const pointsOf: Readonly<Record<Backend, readonly CallerPoint[]>> = {
  file: ['before-exchange', 'exchange-answered', 'call-unsent', 'call-sent', 'waiting'],
  Redis: ['before-exchange', 'exchange-sent', 'exchange-answered', 'call-unsent', 'call-sent', 'waiting'],
};

const ofProcesses: readonly Blow[] = ['killed', 'stopped', 'stopped past its lease'];
export const blowsOf: Readonly<Record<Backend, readonly Blow[]>> = {
  file: ofProcesses,
  Redis: [...ofProcesses, 'Redis killed', 'Redis frozen'],
};

export interface BudgetRound {
  /** Empty: every promise was kept. */
  readonly broken: readonly string[];
  /** The most calls that KIS saw in any second. */
  readonly most: number;
  /** Refusals of calls that a process sent late, since it had stood still between its turn and its bytes: nothing in it can know. */
  readonly excused: number;
  /** How much later than without a blow those who were not hit had all their answers. */
  readonly lateMs: number;
}

/** Of each process that is not hit, and of the other. */
const calls = { each: 20, hit: 14 };
const limit = 18;
/** From a slot's use to its next one, by the network of the callers. */
const periodMs = 1_100;
/** Of the limiters: a slot of who is not heard of comes back after it. */
const leaseMs = 3_000;

/** `awayMs`: how long a Redis is. */
export async function playBlow(
  script: Script,
  options: { readonly by: Backend; readonly stop: CallerStop; readonly blow: Blow; readonly awayMs: number },
): Promise<BudgetRound> {
  const { by, stop, blow, awayMs } = options;
  const scene = await createBudgetScene(script, by, 3);
  try {
    const [hit, ...others] = scene.all as [Caller, ...Caller[]];
    await makeKnown(scene, scene.all);
    const before = scene.callers.server.fake.log().calls;
    const calling = scene.callers.call(others, calls.each);
    const own = scene.callers.call([hit], calls.hit, stop);
    own.catch(() => {});
    const reached = await within(hit.said('reached'));
    if (reached === undefined) return { broken: [`it never came to ${stop.at}`], most: 0, excused: 0, lateMs: 0 };
    const sinceMs = performance.now();
    const left = others.length * calls.each - (scene.callers.server.fake.log().calls - before - reached.sent);
    const striking = strike(blow, hit, scene.redis, awayMs);
    const done = await within(calling);
    const lateMs = performance.now() - sinceMs - (left / limit) * periodMs;
    await striking;
    const all = blow === 'killed' ? [done] : [done, await within(own)];
    const allowed = blow === 'stopped past its lease' ? reached.unsent : 0;
    return { ...judge(scene, blow === 'killed' ? others : scene.all, all, allowed), lateMs };
  } finally {
    await scene.end();
  }
}

/** Twice, so that all have heard of all: who knows of no others takes the whole limit for its share. */
async function makeKnown({ callers }: BudgetScene, all: readonly Caller[]): Promise<void> {
  for (let times = 1; times <= 2; times += 1) await callers.call(all, 1);
}

async function strike(blow: Blow, hit: Caller, redis: RedisServer | undefined, awayMs: number): Promise<void> {
  if (blow === 'killed') {
    hit.signal('SIGKILL');
    return;
  }
  if (blow === 'stopped') await sleep(leaseMs / 4);
  if (blow === 'stopped past its lease') await sleep(leaseMs * 1.2);
  if (blow === 'Redis killed') await redis?.kill();
  if (blow === 'Redis frozen') redis?.freeze();
  await goOn(hit);
  if (!blow.startsWith('Redis')) return;
  await sleep(awayMs);
  if (blow === 'Redis killed') await redis?.restart();
  else redis?.thaw();
}

/** It says that it stops before it does: what wakes it must not come in between. */
async function goOn(hit: Caller): Promise<void> {
  const waking = setInterval(() => hit.signal('SIGCONT'), 5);
  await within(hit.said('goes-on'));
  clearInterval(waking);
}

/** The replies to questions of one of three processes are lost, though Redis has carried them out. */
export async function playLostReplies(script: Script, timesMs: readonly number[]): Promise<BudgetRound> {
  const scene = await createBudgetScene(script, 'Redis', 2);
  const proxy = await startProxy(scene.redis.port);
  try {
    const hit = await scene.callers.add({ redisUrl: proxy.url });
    const all = [...scene.all, hit];
    await makeKnown(scene, all);
    const calling = scene.callers.call(all, calls.each);
    const sinceMs = performance.now();
    for (const ms of timesMs) {
      await sleep(ms);
      void proxy.loseReplyTo('evalsha');
    }
    const done = await within(calling);
    const lateMs = performance.now() - sinceMs - ((all.length * calls.each) / limit) * periodMs;
    return { ...judge(scene, all, [done], 0), lateMs };
  } finally {
    await scene.end();
    await proxy.stop();
  }
}

/** Undefined where it takes too long. */
async function within<T>(promise: Promise<T>): Promise<T | undefined> {
  const end = new AbortController();
  const late = sleep(40_000, undefined, { signal: end.signal }).catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    end.abort();
  }
}

function judge(
  scene: BudgetScene,
  survivors: readonly Caller[],
  done: readonly (readonly Done[] | undefined)[],
  allowed: number,
): Omit<BudgetRound, 'lateMs'> {
  const log = scene.callers.server.fake.log();
  const { refusals } = log;
  const errors = done.flatMap((some) => some?.flatMap((each) => each.errors) ?? []);
  const stderr = survivors.map((each) => each.stderr).join('');
  const most = mostInASecond(log);
  const broken = [
    ...(refusals > allowed ? [`${refusals} refused, ${most} in a second`] : []),
    ...(done.includes(undefined) ? ['somebody never got all its answers'] : []),
    ...(errors.length > refusals ? [`errors: ${[...new Set(errors)].join()}`] : []),
    ...(stderr === '' ? [] : [stderr]),
  ];
  return { broken, most, excused: Math.min(refusals, allowed) };
}
