import { createCircuitBreaker } from '@kis/breaker';
import { createRateLimiter } from '@kis/ratelimit';
import { createMemoryStorage } from '@kis/token-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createKisClientFromEnv, type FromEnvOverrides } from '../src/index.ts';
import { appKey, appSecret } from './harness.ts';
import { outcomes, price, startTimeline, type Timeline, times } from './timeline.ts';

const keys = { KIS_APP_KEY: appKey, KIS_APP_SECRET: appSecret, KIS_USE_VIRTUAL_SERVER: 'false' };
const names = [
  'KIS_API_RATE_LIMIT',
  'KIS_API_QUEUE_TIMEOUT',
  'KIS_API_CIRCUIT_BREAKER_THRESHOLD',
  'KIS_API_CIRCUIT_BREAKER_TIMEOUT',
];

/** A client of what the environment says, on a timeline whose fake takes a thousand calls a second. */
async function start(env: Record<string, string>, given: FromEnvOverrides = {}): Promise<Timeline> {
  const stage = startTimeline({ limit: 1_000 });
  const { fake, clock, play } = stage;
  const options = { dispatcher: fake.dispatcher, clock, storage: createMemoryStorage(), ...given };
  const client = await createKisClientFromEnv({ env: { ...keys, ...env }, ...options });
  onTestFinished(() => client.close());
  await play(client.tokens.getToken());
  return { ...stage, client };
}

/** How many of 40 calls go out in the first half of a second. */
async function countAtOnce({ fake, client, pass }: Timeline): Promise<number> {
  const reading = outcomes(times(40, () => price(client)));
  await pass(500);
  await client.close();
  await reading;
  return fake.log().calls;
}

describe('the environment', () => {
  test.each<[string, FromEnvOverrides, number]>([
    ['', {}, 18],
    ['  ', {}, 18],
    ['7', {}, 7],
    ['7', { rateLimiter: { limit: 3 } }, 3],
    ['7', { rateLimiter: { maxQueue: 100 } }, 7],
    ['none', { rateLimiter: { limit: 3 } }, 3],
  ])('KIS_API_RATE_LIMIT=%s with %j: %i calls a second', async (value, given, most) => {
    expect(await countAtOnce(await start({ KIS_API_RATE_LIMIT: value }, given))).toBe(most);
  });

  test.each<[string, FromEnvOverrides, number]>([
    ['', {}, 31],
    ['2.5', {}, 3],
    ['2.5', { rateLimiter: { queueTimeoutMs: 5_000 } }, 6],
  ])('KIS_API_QUEUE_TIMEOUT=%s with %j: of 60 calls, one a second, %i have their turn', async (value, given, turns) => {
    const { fake, client, play } = await start({ KIS_API_QUEUE_TIMEOUT: value, KIS_API_RATE_LIMIT: '1' }, given);
    // With nothing on the way a slot is free again after a second, to the millisecond.
    fake.control({ latencyMs: 0 });
    const { ok, errors } = await play(outcomes(times(60, () => price(client))));
    expect(ok).toBe(turns);
    expect(new Set(errors.map(({ reason }) => reason))).toEqual(new Set(['timeout']));
  });

  test.each<[Record<string, string>, FromEnvOverrides, number, number]>([
    [{}, {}, 5, 60_000],
    [{ KIS_API_CIRCUIT_BREAKER_THRESHOLD: '2', KIS_API_CIRCUIT_BREAKER_TIMEOUT: '1.5' }, {}, 2, 1_500],
    [{ KIS_API_CIRCUIT_BREAKER_THRESHOLD: '2' }, { breaker: { failureThreshold: 3, openMs: 4_000 } }, 3, 4_000],
    [{ KIS_API_CIRCUIT_BREAKER_TIMEOUT: 'long' }, { breaker: { openMs: 4_000 } }, 5, 4_000],
  ])('with %j and %j: after %i failures in a row no call for %i ms', async (env, given, failures, openMs) => {
    const { fake, client, play } = await start(env, { retry: false, ...given });
    fake.control({ failNext: { count: 100, path: 'inquire-price', kisCode: 'EGW00001' } });
    let error: unknown;
    for (let n = 0; n <= failures; n += 1) error = await play(price(client).catch((it) => it));
    expect(fake.log().calls).toBe(failures);
    expect(error).toMatchObject({ code: 'ERR_CIRCUIT_OPEN', retryAfterMs: openMs });
  });

  test('is not looked at for a limiter or a breaker that was given', async () => {
    const bad = Object.fromEntries(names.map((name) => [name, 'bad']));
    const policies = { rateLimiter: createRateLimiter({ limit: 1 }), breaker: createCircuitBreaker() };
    await (await start(bad, policies)).client.close();
    await policies.rateLimiter.execute(async () => 'left open');
  });

  test('names every bad value in the one error, and shows none', async () => {
    for (const values of [
      ['0', '0', '0', '0'],
      ['1001', '-1', '1.5', '1e3'],
      ['18/s', '30s', 'five', 'Infinity'],
      ['1.5', '0x10', '-1', `1${'0'.repeat(400)}`],
    ]) {
      const env = { ...keys, ...Object.fromEntries(names.map((name, index) => [name, values[index]])) };
      const error = await createKisClientFromEnv({ env, storage: createMemoryStorage() }).catch((it) => it);
      expect(error).toEqual(
        new TypeError(
          `client: the environment is not usable: ${names[0]} must be an integer from 1 to 1,000; ${names[1]} must be a number of seconds > 0; ${names[2]} must be an integer >= 1; ${names[3]} must be a number of seconds > 0`,
        ),
      );
    }
  });
});
