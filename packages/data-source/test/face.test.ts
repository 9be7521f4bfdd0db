import { expect, test } from 'vitest';
import * as face from '../src/index.ts';

test('the package exports this and nothing else', () => {
  expect(Object.keys(face).sort()).toMatchInlineSnapshot(`
    [
      "createDataSource",
    ]
  `);
});
