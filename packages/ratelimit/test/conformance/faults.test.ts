import { describe, expect, test } from 'vitest';
import { rateLimiterConformance } from '../../src/conformance.ts';
import { faults } from './faults.ts';

describe('the suite finds a limiter that', () => {
  for (const { name, create, breaks } of faults) {
    test.concurrent(name, { timeout: 60_000 }, async () => {
      const failed: string[] = [];
      const tries: Promise<void>[] = [];
      rateLimiterConformance((clause, run) => tries.push(run().catch(() => void failed.push(clause))), create);
      await Promise.all(tries);
      expect(failed.sort()).toEqual([...breaks].sort());
    });
  }
});
