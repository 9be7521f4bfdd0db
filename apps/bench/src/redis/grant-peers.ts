import { createRedisRateLimiter } from '@kis/ratelimit/redis';
import Bottleneck from 'bottleneck';
import { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import Redlock from 'redlock';

/** Lets an empty task run when Redis allows. `worker`: which of those that are in flight. */
export type Grant = (worker: number) => Promise<unknown>;

/** A limit that holds nobody back, so that all of them are asked for nothing but their own cost. */
const limit = 1_000_000;
const task = async () => {};

/** What an exchange of our script sends and gets, to a script that does nothing with it. */
const bareScript = "return {'peer-0123456789abcdef.1234.0', 'inf', '18', '12', '0', '4', 'peer-0123456789abcdef.1'}";
const bareRequest = JSON.stringify({
  ...{ limit: 18, windowMs: 1_000, adaptive: true, leaseMs: 3_000, peer: 'peer-0123456789abcdef', number: 1_234 },
  ended: [{ grant: 'peer-0123456789abcdef.1233.0', startedAgoMs: 61.25, endedAgoMs: 1.5, outcome: 'answered' }],
  ...{ wanted: 1, running: [], pauseMs: 0, creditMs: 30.25, generation: 'peer-0123456789abcdef.1' },
});

/** Each over the server at `url`, in the order of the table. */
export const grantPeers: Readonly<
  Record<string, { readonly name: string; create(url: string): Grant | Promise<Grant> }>
> = {
  bare: {
    name: 'bare EVALSHA of the same size',
    async create(url) {
      const client = new Redis(url);
      const sha1 = String(await client.script('LOAD', bareScript));
      return () => client.evalsha(sha1, 2, '{kis:bare}:slots', '{kis:bare}:state', bareRequest);
    },
  },
  ours: {
    name: '@kis/ratelimit/redis',
    create(url) {
      const limiter = createRedisRateLimiter({ url, budget: 'bench', limit, windowMs: 100 });
      return () => limiter.execute(task);
    },
  },
  flexible: {
    name: 'rate-limiter-flexible Redis',
    create(url) {
      const limiter = new RateLimiterRedis({ storeClient: new Redis(url), points: limit, duration: 1 });
      return () => limiter.consume('bench').then(task);
    },
  },
  redlock: {
    name: 'redlock, taken and given back (a lock)',
    create(url) {
      const redlock = new Redlock([new Redis(url)]);
      return async (worker) => {
        const lock = await redlock.acquire([`redlock-${worker}`], 10_000);
        await task();
        await lock.release();
      };
    },
  },
  bottleneck: {
    name: 'bottleneck Redis',
    async create(url) {
      const limiter = new Bottleneck({
        ...{ id: 'bench', datastore: 'ioredis', clearDatastore: true, clientOptions: url, Redis },
        ...{ reservoir: limit, reservoirRefreshAmount: limit, reservoirRefreshInterval: 1_000 },
      } as Bottleneck.ConstructorOptions);
      await limiter.ready();
      return () => limiter.schedule(task);
    },
  },
};
