import { createRateLimiter, type RateLimiterOptions } from '../../src/index.ts';
import { createRandom, createService, type Network, refusal } from './service.ts';
import { createVirtualTime } from './virtual-time.ts';

const calls = 400;
const limit = 20;

/** Of 400 calls queued at once at 20 a second: how many were refused, and how many a second left after the first 20. */
async function playJitter(
  seed: number,
  network: Network,
  options: Partial<RateLimiterOptions> = {},
): Promise<{ readonly refused: number; readonly ratePerSecond: number }> {
  const time = createVirtualTime();
  const service = createService(time, limit, network, createRandom(seed));
  const limiter = createRateLimiter({
    limit,
    queueTimeoutMs: Infinity,
    adaptive: true,
    isRefusal: (error) => error === refusal,
    clock: time.clock,
    ...options,
  });
  const all = Promise.allSettled(Array.from({ length: calls }, () => limiter.execute(service.call)));
  await time.playUntil(60_000);
  await all;
  const lastMs = service.sentMs.at(-1) ?? Number.NaN;
  return { refused: service.refusedMs.length, ratePerSecond: ((calls - limit) / lastMs) * 1_000 };
}

/** The means over so many seeds. */
export async function meanJitter(
  seeds: number,
  network: Network,
  options?: Partial<RateLimiterOptions>,
): Promise<{ readonly refused: number; readonly ratePerSecond: number }> {
  let refused = 0;
  let ratePerSecond = 0;
  for (let seed = 1; seed <= seeds; seed += 1) {
    const run = await playJitter(seed, network, options);
    refused += run.refused / seeds;
    ratePerSecond += run.ratePerSecond / seeds;
  }
  return { refused, ratePerSecond };
}
