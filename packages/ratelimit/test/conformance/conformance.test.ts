import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, test } from 'vitest';
import { type ConformanceTest, rateLimiterConformance } from '../../src/conformance.ts';
import { createFileRateLimiter } from '../../src/file.ts';
import { createRateLimiter } from '../../src/index.ts';

const inTime: ConformanceTest = (name, run) => test.concurrent(name, { timeout: 30_000 }, run);

const root = mkdtempSync(join(tmpdir(), 'kis-ratelimit-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a local limiter', () => {
  rateLimiterConformance(inTime, (options) => {
    const limiter = createRateLimiter(options);
    return [limiter, limiter, limiter];
  });
});

describe('limiters that share a file', () => {
  rateLimiterConformance(inTime, (options) => {
    const directory = mkdtempSync(join(root, 'budget-'));
    return [1, 2, 3].map(() => createFileRateLimiter({ ...options, directory, budget: 'conformance' }));
  });
});
