import { expect, test } from 'vitest';
import * as conformance from '../src/conformance.ts';
import * as core from '../src/index.ts';

test('the package exports these names', () => {
  expect(Object.keys(core).sort()).toMatchInlineSnapshot(`
    [
      "TokenIssueError",
      "TokenStorageError",
      "createKisIssuer",
      "createMemoryStorage",
      "createTokenManager",
      "isTokenValid",
      "kisBaseUrls",
      "systemClock",
      "tokenKey",
    ]
  `);
  expect(Object.keys(conformance).sort()).toEqual(['tokenStorageConformance']);
});
