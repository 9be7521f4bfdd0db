import { createCrowd, mostIn } from '../../../../packages/ratelimit/test/simulation/crowd.ts';
import type { Bar, Table } from '../table.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;
const changes = 25;

interface Scene {
  readonly name: string;
  readonly seen: string;
  readonly bar?: Bar;
}

/** A limit that is not the ceiling: how it is found, kept, and found again. */
export async function simulateAdaptive(): Promise<Table> {
  const scenes = [
    await findThree(),
    await comeBack(),
    await stayAt(18),
    await stayAt(20),
    await bearStray(),
    await sleepOver(),
  ];
  return {
    title: 'The adaptive limit, in virtual time',
    note: 'A ceiling of 18; 40 callers that always want more and ask refused calls again, unless said otherwise. 20-50 ms each way, 5-10 ms of service.',
    columns: ['scene', 'seen'],
    rows: scenes.map(({ name, seen }) => [name, seen]),
    bars: scenes.flatMap(({ bar }) => (bar === undefined ? [] : [bar])),
  };
}

async function findThree(): Promise<Scene> {
  let first = 0;
  let later = 0;
  for (let seed = 1; seed <= 20; seed += 1) {
    const { time, service, want } = createCrowd(3, seed);
    want(40);
    await time.playUntil(minuteMs);
    first = Math.max(first, service.refusedMs.length);
    const before = service.refusedMs.length;
    await time.playUntil(3 * hourMs);
    later = Math.max(later, mostIn(service.refusedMs.slice(before - 1), 10 * minuteMs));
  }
  const seen = `at most ${first} refusals until it holds, then at most ${later} in 10 minutes`;
  return {
    name: 'the service allows 3 a second; 3 hours, 20 seeds',
    seen,
    bar: {
      promise: 'at 3 a second at most 16 refusals until it holds, then at most 1 in 10 minutes',
      seen,
      isMet: first <= 16 && later <= 1,
      isExact: true,
    },
  };
}

/** The moment of the change lies anywhere in one interval between two probes. */
async function comeBack(): Promise<Scene> {
  const took: number[] = [];
  for (let part = 0; part < changes; part += 1) {
    const { time, service, want } = createCrowd(3, 100 + part);
    want(40);
    const changeMs = 10 * minuteMs + (part * 605_000) / changes;
    await time.playUntil(changeMs);
    service.setLimit(18);
    let ms = 0;
    let accepted = 0;
    while (accepted < 162 && ms < 30 * minuteMs) {
      ms += 1_000;
      await time.playUntil(changeMs + ms);
      accepted = service.acceptedMs.filter((atMs) => atMs > time.nowMs - 10_000).length;
    }
    took.push(ms);
  }
  const sorted = took.sort((a, b) => a - b);
  const worstMs = sorted.at(-1) ?? Number.NaN;
  const minutes = (ms: number) => (ms / minuteMs).toFixed(1);
  const seen = `median ${minutes(sorted[Math.floor(sorted.length / 2)] ?? Number.NaN)}, worst ${minutes(worstMs)} minutes`;
  return {
    name: `3 a second become 18: until 162 are accepted in 10 s; ${changes} moments of the change`,
    seen,
    bar: {
      promise: 'back at 90 % of 18 within 15 minutes, wherever between two probes the change falls',
      seen,
      isMet: worstMs <= 15 * minuteMs,
      isExact: true,
    },
  };
}

async function stayAt(limit: number): Promise<Scene> {
  const { time, service, limiter, want } = createCrowd(limit, 7);
  want(40);
  await time.playUntil(hourMs);
  const rate = service.acceptedMs.length / (hourMs / 1_000);
  return {
    name: `the service allows ${limit}; 1 hour`,
    seen: `${service.refusedMs.length} refusals, ${rate.toFixed(2)} a second, the limit ends at ${limiter.stats().effectiveLimit}`,
  };
}

async function bearStray(): Promise<Scene> {
  const { time, service, limiter, drip } = createCrowd(18, 5);
  drip(500);
  await time.playUntil(minuteMs);
  service.refuseNext();
  await time.playUntil(2 * minuteMs);
  const { effectiveLimit } = limiter.stats();
  return {
    name: 'one caller, 2 calls a second, one stray refusal',
    seen: `the limit is ${effectiveLimit}`,
    bar: {
      promise: 'a stray refusal at low demand does not throw the limit down',
      seen: `18 became ${effectiveLimit}`,
      isMet: effectiveLimit >= 17,
      isExact: true,
    },
  };
}

async function sleepOver(): Promise<Scene> {
  const { time, service, limiter, want, rest } = createCrowd(3, 8);
  want(40);
  await time.playUntil(minuteMs);
  rest();
  await time.playUntil(9 * hourMs);
  const { effectiveLimit } = limiter.stats();
  const before = service.refusedMs.length;
  want(40);
  await time.playUntil(9 * hourMs + 8 * minuteMs);
  const refused = service.refusedMs.length - before;
  return {
    name: '3 a second found, 9 idle hours, then 40 callers again for 8 minutes',
    seen: `the limit is ${effectiveLimit}, ${refused} refusals`,
    bar: {
      promise: 'idle hours raise nothing',
      seen: `3 is still ${effectiveLimit}, ${refused} refusals`,
      isMet: effectiveLimit === 3 && refused === 0,
      isExact: true,
    },
  };
}
