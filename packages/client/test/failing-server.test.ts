import type { FailNext } from '@kis/mock';
import { describe, expect, test } from 'vitest';
import type { Middleware } from '../src/index.ts';
import { outcomes, price, startTimeline, times } from './timeline.ts';

const failures: [string, Omit<FailNext, 'count'>][] = [
  ['breaks all connections', { cut: 'after' }],
  ['answers by a page', { status: 503, body: '<html></html>' }],
  ['says that it cannot for the moment', { kisCode: 'EGW00001' }],
];
const jitter = { jitterMs: 100, tailMs: 500 };
const forever = 1_000_000;

describe.each(failures)('R-1: a thousand reads at once of a server that %s', (_, failNext) => {
  test('are 1,010 requests where no breaker opens: 10 repeats for all of them', async () => {
    const { fake, client, play } = startTimeline(jitter, {
      breaker: { failureThreshold: forever },
      rateLimiter: { limit: 1_000, queueTimeoutMs: Infinity },
    });
    fake.control({ failNext: { count: forever, path: 'inquire-price', ...failNext } });
    const { errors } = await play(outcomes(times(1_000, () => price(client))));
    expect(errors).toHaveLength(1_000);
    expect(fake.log().calls).toBe(1_010);
  });

  test('are 10 requests where the breaker opens: no more than there are connections', async () => {
    const { fake, client, play } = startTimeline(jitter, { rateLimiter: { queueTimeoutMs: Infinity } });
    fake.control({ failNext: { count: forever, path: 'inquire-price', ...failNext } });
    const { errors } = await play(outcomes(times(1_000, () => price(client))));
    expect(errors).toHaveLength(1_000);
    expect(fake.log().calls).toBe(10);
  });
});

describe('a server that fails', () => {
  test('while calls come one after the other sees 5 of them', async () => {
    const { fake, client, play } = startTimeline({}, { connections: 1 });
    fake.control({ failNext: { count: forever, path: 'inquire-price', kisCode: 'EGW00001' } });
    const { errors } = await play(outcomes(times(100, () => price(client))));
    expect(errors).toHaveLength(100);
    expect(fake.log().calls).toBe(5);
  });

  test('in the middle of a run sees no more than there are connections', async () => {
    const { fake, client, play, pass } = startTimeline();
    const reading = outcomes(times(300, () => price(client)));
    await pass(3_000);
    const before = fake.log().calls;
    fake.control({ failNext: { count: forever, path: 'inquire-price', status: 500, body: '' } });
    const { ok, errors } = await play(reading);
    expect(ok + errors.length).toBe(300);
    expect(fake.log().calls - before).toBeLessThanOrEqual(10);
  });

  test('gets ten repeats at first, and one more for every ten calls that succeed', async () => {
    const { fake, client, play } = startTimeline(
      { limit: 1_000 },
      {
        retry: { retries: 1_000, backoffMs: 1 },
        breaker: { failureThreshold: forever },
        rateLimiter: { limit: 1_000 },
      },
    );
    const fail = (count: number) => {
      fake.control({ clearLog: true, failNext: { count: 0, status: 500 } });
      fake.control({ failNext: { count, path: 'inquire-price', status: 500, body: '' } });
    };
    fail(forever);
    await play(outcomes([price(client)]));
    expect(fake.log().calls).toBe(11);
    fail(0);
    await play(Promise.all(times(25, () => price(client))));
    fail(forever);
    await play(outcomes([price(client), price(client)]));
    expect(fake.log().calls).toBe(4);
    fail(0);
    await play(Promise.all(times(500, () => price(client))));
    fail(forever);
    await play(outcomes([price(client)]));
    expect(fake.log().calls).toBe(11);
  });

  test("R-1: is not asked more by layers of one's own, of which each asks three times", async () => {
    const stubborn: Middleware = (next) => (request) =>
      next(request).catch(() => next({ ...request }).catch(() => next({ ...request })));
    const { fake, client, play } = startTimeline(
      {},
      {
        use: [stubborn, stubborn],
        breaker: { failureThreshold: forever },
        rateLimiter: { limit: 1_000, queueTimeoutMs: Infinity },
      },
    );
    fake.control({ failNext: { count: forever, path: 'inquire-price', status: 500, body: '' } });
    await play(outcomes(times(100, () => price(client))));
    expect(fake.log().calls).toBe(100 * 9 + 10);
  });
});
