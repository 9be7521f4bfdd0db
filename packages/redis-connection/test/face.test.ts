import { expect, test } from 'vitest';
import * as face from '../src/index.ts';

test('the package exports two functions and an error', () => {
  expect(Object.keys(face).sort()).toMatchInlineSnapshot(`
    [
      "RedisError",
      "createRedisConnection",
      "defineScript",
    ]
  `);
});
