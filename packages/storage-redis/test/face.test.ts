import { expect, test } from 'vitest';
import * as face from '../src/index.ts';

test('the package exports one function', () => {
  expect(Object.keys(face).sort()).toMatchInlineSnapshot(`
    [
      "createRedisStorage",
    ]
  `);
});
