import { describe, expect, test } from 'vitest';
import { playColdConnections } from './simulation/cold.ts';
import { meanJitter } from './simulation/jitter.ts';

// The means over 300 seeds are the bench's.
describe('L2: jitter on the network, 400 calls at once at 20 a second, in virtual time', () => {
  test('0 to 30 ms: nothing is refused, at 19 a second or more', async () => {
    const { refused, ratePerSecond } = await meanJitter(40, { jitterMs: 30, tailMs: 0 });
    expect(refused).toBe(0);
    expect(ratePerSecond).toBeGreaterThanOrEqual(19);
  });

  test('0 to 100 ms and a tail to 500: at most one call of 8,000 is refused, at 17.4 a second or more', async () => {
    const { refused, ratePerSecond } = await meanJitter(40, { jitterMs: 100, tailMs: 500 });
    expect(refused).toBeLessThanOrEqual(0.05);
    expect(ratePerSecond).toBeGreaterThanOrEqual(17.4);
  });

  test('connections that are made by the first calls, whose replies are late for it, cost no refusal either', async () => {
    for (const jitterMs of [0, 30]) {
      for (let seed = 1; seed <= 20; seed += 1)
        expect(await playColdConnections(seed, { jitterMs, tailMs: 0 })).toBe(0);
    }
  });

  test('counted from the start of a call instead, it would be refused all the time: the test can fail', async () => {
    const network = { jitterMs: 30, tailMs: 0 };
    const { refused } = await meanJitter(3, network, { windowMs: 930 });
    expect(refused).toBeGreaterThan(5);
  });
});
