import { expect, test } from 'vitest';
import * as face from '../../src/redis.ts';

test('`@kis/ratelimit/redis` exports this and nothing else', () => {
  expect(Object.keys(face)).toMatchInlineSnapshot(`
    [
      "createRedisRateLimiter",
    ]
  `);
});
