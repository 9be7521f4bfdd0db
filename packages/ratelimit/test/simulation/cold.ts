import { createRateLimiter } from '../../src/index.ts';
import { createRandom, createService, type Network, refusal } from './service.ts';
import { createVirtualTime } from './virtual-time.ts';

const connections = 10;

/**
 * Of 200 calls queued at once at 20 a second over ten connections that do not exist yet, how many were refused. The first call
 * of each connection pays for it with two round trips, and another waits behind it.
 */
export async function playColdConnections(seed: number, network: Network): Promise<number> {
  const time = createVirtualTime();
  const random = createRandom(seed);
  const service = createService(time, 20, network, random);
  const free: Promise<unknown>[] = Array.from({ length: connections }, () => Promise.resolve());
  let calls = 0;

  async function call(number: number): Promise<void> {
    if (number < connections) await time.pass(4 * (20 + random() * network.jitterMs));
    await service.call();
  }

  function send(): Promise<void> {
    const number = calls;
    calls += 1;
    const connection = number % connections;
    const reply = (free[connection] ?? Promise.resolve()).then(() => call(number));
    free[connection] = reply.catch(() => {});
    return reply;
  }

  const limiter = createRateLimiter({
    limit: 20,
    queueTimeoutMs: Infinity,
    isRefusal: (error) => error === refusal,
    clock: time.clock,
  });
  const all = Promise.allSettled(Array.from({ length: 200 }, () => limiter.execute(send)));
  await time.playUntil(60_000);
  await all;
  return service.refusedMs.length;
}
