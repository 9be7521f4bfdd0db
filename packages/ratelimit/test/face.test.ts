import { expect, test } from 'vitest';
import * as conformance from '../src/conformance.ts';
import * as file from '../src/file.ts';
import * as face from '../src/index.ts';

test('the package exports this and nothing else', () => {
  expect(Object.keys(face).sort()).toMatchInlineSnapshot(`
    [
      "RateLimitError",
      "createRateLimiter",
    ]
  `);
  expect(Object.keys(file)).toEqual(['createFileRateLimiter']);
  expect(Object.keys(conformance)).toEqual(['rateLimiterConformance']);
});
