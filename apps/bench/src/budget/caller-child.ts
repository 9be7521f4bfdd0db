import { createKisClient } from '@kis/client';
import { createFileRateLimiter } from '@kis/ratelimit/file';
import { createRedisRateLimiter } from '@kis/ratelimit/redis';
import { beChild } from '../in-child.ts';

/** One of the processes that share a budget: `order` is how many calls it makes at once. How many were refused. */
await beChild<number>(async ([baseUrl = '', kind = '', place = '']) => {
  const client = createKisClient({
    ...{ appKey: 'PSBENCHBENCHBENCHBENCHBENCHBENCHBE01', appSecret: 'benchsecret', environment: 'real', baseUrl },
    retry: false,
    rateLimiter: {
      ...{ limit: 18, queueTimeoutMs: Infinity },
      ...(kind === 'alone'
        ? {}
        : {
            create: (given) =>
              kind === 'file'
                ? createFileRateLimiter({ ...given, budget: 'bench', directory: place })
                : createRedisRateLimiter({ ...given, budget: 'bench', url: place }),
          }),
    },
  });
  await client.tokens.getToken();
  return async (order) => {
    const calls = Array.from({ length: Number(order) }, () => client.getCurrentPrice('005930'));
    const results = await Promise.allSettled(calls);
    return results.filter(({ status }) => status === 'rejected').length;
  };
});
