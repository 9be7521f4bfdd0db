import { describe, expect, test } from 'vitest';
import * as mock from '../src/index.ts';

describe('@kis/mock', () => {
  test('exports these names', () => {
    expect(Object.keys(mock).sort()).toMatchInlineSnapshot(`
      [
        "createFakeKis",
        "startMockServer",
      ]
    `);
  });
});
