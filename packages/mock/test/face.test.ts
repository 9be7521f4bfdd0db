import { describe, expect, test } from 'vitest';
import * as mock from '../src/index.ts';
import * as msw from '../src/msw.ts';

describe('@kis/mock', () => {
  test('exports these names', () => {
    expect(Object.keys(mock).sort()).toMatchInlineSnapshot(`
      [
        "createFakeKis",
        "startMockServer",
      ]
    `);
  });

  test('exports these names from /msw', () => {
    expect(Object.keys(msw).sort()).toMatchInlineSnapshot(`
      [
        "kisHandlers",
      ]
    `);
  });
});
