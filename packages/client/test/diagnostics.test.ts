import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { createFakeKis } from '@kis/mock';
import { tokenKey } from '@kis/token-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createKisClient, type KisClientEvent } from '../src/index.ts';
import { appKey, appSecret } from './harness.ts';
import { startTimeline } from './timeline.ts';

const text = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

/** What is published on a channel until the test is over. */
function listen(channel: string): object[] {
  const messages: object[] = [];
  const listener = (message: unknown): unknown => messages.push(message as object);
  subscribe(channel, listener);
  onTestFinished(() => void unsubscribe(channel, listener));
  return messages;
}

describe('the channels of a client', () => {
  test('have each event once: its own on @kis/client, those of the layers on theirs', async () => {
    const names = ['@kis/client', '@kis/token-core', '@kis/ratelimit', '@kis/breaker'];
    const [ofClient, ofTokens, ofLimiter, ofBreaker] = names.map(listen);
    const events: KisClientEvent[] = [];
    const fake = createFakeKis();
    fake.control({ failNext: { count: 1, trId: 'FHKST01010100', kisCode: 'EGW00201' } });
    fake.control({ failNext: { count: 5, trId: 'FHKST01010100', cut: 'before' } });
    const account = { appKey, appSecret, environment: 'real' } as const;
    const options = { ...account, dispatcher: fake.dispatcher, retry: { backoffMs: 0 } };
    const client = createKisClient({ ...options, onEvent: (event) => events.push(event) });
    for (let n = 0; n < 2; n += 1) await client.getCurrentPrice('005930').catch(() => {});
    await client.close();

    const key = tokenKey(account);
    const retries = events.filter(({ type }) => type === 'retry');
    expect(retries.length).toBeGreaterThan(2);
    expect(ofClient).toEqual(retries.map((event) => ({ ...event, key })));
    expect(ofTokens).toMatchObject([{ type: 'issued', key }]);
    expect(ofLimiter).toEqual(events.flatMap((event) => (event.type === 'rate-limit' ? [event.event] : [])));
    expect(ofLimiter).toMatchObject([{ type: 'pause' }, { type: 'limit' }]);
    expect(ofBreaker).toEqual([{ type: 'state', state: 'OPEN' }]);
    expect(ofClient?.every(Object.isFrozen)).toBe(true);
    expect(inspect([ofClient, ofTokens, ofLimiter, ofBreaker], { depth: 9 })).not.toContain(appSecret);
  });

  test('tell of batches and of the cache on @kis/client, too', async () => {
    const ofClient = listen('@kis/client');
    const store = { get: () => undefined, set: () => false };
    // A Friday, 08:29 in Korea.
    const startMs = Date.parse('2026-11-19T23:29:00Z');
    const { client, events, fake, pass, play } = startTimeline({}, { cache: { store }, retry: false }, startMs);
    await play(client.getCurrentPrices(['005930']));
    fake.control({ failNext: { count: 1, path: 'chk-holiday', kisCode: 'EGW00001' } });
    client.warmDaily('08:30', ['005930'], { types: ['info'] });
    await pass(120_000);
    const own = events.filter((event) => !('event' in event));
    const key = tokenKey({ appKey, environment: 'real' });
    expect(ofClient).toEqual(own.map((event) => ({ ...event, key })));
    expect(own.map(({ type }) => type)).toEqual([
      'batch',
      'cache-failed',
      'cache-warming-failed',
      'cache-failed',
      'cache-warmed',
    ]);
  });
});

test('the README tells of every event and of the channels', () => {
  const readme = text('../README.md');
  const typesOf = (path: string) => [...text(path).matchAll(/readonly type: '([a-z-]+)'/g)].map(([, type]) => type);
  const types = ['retry', 'batch/batch-event', 'cache/cache-events', 'events'].flatMap((it) =>
    typesOf(`../src/${it}.ts`),
  );
  expect(types).toEqual([
    ...['retry', 'batch', 'cache-failed', 'cache-warmed', 'cache-warming-failed'],
    ...['token', 'rate-limit', 'breaker', 'storage'],
  ]);
  expect(types.filter((type) => !readme.includes(`| \`${type}\` |`))).toEqual([]);
  expect(readme).toContain('`@kis/client`');
});
