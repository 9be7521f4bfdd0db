import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Keyv } from 'keyv';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { CacheStore, KisClient, KisClientEvent, KisClientOptions } from '../src/index.ts';
import { appKey } from './harness.ts';
import { startTimeline, type Timeline } from './timeline.ts';

const read = (client: KisClient) => client.getCurrentPrice('005930');
const start = (store: CacheStore, ofClient: Partial<KisClientOptions> = {}): Timeline =>
  startTimeline({}, { cache: { store }, ...ofClient });
const hang = () => new Promise<never>(() => {});
const fail = (message: string) => () => Promise.reject(new Error(message));
const failures = (events: readonly KisClientEvent[]) => events.filter(({ type }) => type === 'cache-failed');

describe('a store of the cache', () => {
  test.each<[string, () => CacheStore]>([
    ['a Keyv', () => new Keyv()],
    ['what a Keyv is put over', () => new Map()],
  ])('may be %s: whoever shares it asks KIS no more', async (_, create) => {
    const store = create();
    const first = start(store);
    const price = await first.play(read(first.client));
    const keptAtMs = first.clock.nowMs();
    const second = start(store);
    // Two timelines begin at one instant.
    await second.pass(1_000);
    expect(await second.play(read(second.client))).toEqual({ ...price, cachedAtMs: keptAtMs });
    expect(second.fake.log().calls).toBe(0);
  });

  test.each<[string, Partial<KisClientOptions>]>([
    ['another origin, such as a mock', { baseUrl: 'http://127.0.0.1:4000' }],
    ['the other world', { environment: 'virtual' }],
    ['another app key', { appKey: `${appKey.slice(0, -1)}X` }],
  ])('has names of its own for %s', async (_, other) => {
    const store = new Map<string, string>();
    const first = start(store);
    await first.play(read(first.client));
    const environment = other.environment ?? 'real';
    const second = startTimeline({ environment }, { cache: { store }, ...other });
    await second.pass(1_000);
    expect(await second.play(read(second.client))).not.toHaveProperty('cachedAtMs');
    expect(store.size).toBe(2);
    for (const key of store.keys()) expect(key).not.toContain(appKey);
  });

  test.each<[string, (text: string) => unknown]>([
    ['no JSON', () => 'OK'],
    ['half of an entry', (text) => text.slice(0, 50)],
    ['no text', () => 42],
    ['null', () => 'null'],
    ['no value', (text) => text.replace(/,"value":.*/, '}')],
    ['null for a value', (text) => text.replace(/,"value":.*/, ',"value":null}')],
    ['a number for a value', (text) => text.replace(/,"value":.*/, ',"value":7}')],
    ['null in a list for a value', (text) => text.replace(/,"value":.*/, ',"value":[null]}')],
    ['no instant', (text) => text.replace(/"cachedAtMs":\d+/, '"cachedAtMs":"today"')],
    ['an instant that is a text', (text) => text.replace(/"cachedAtMs":(\d+)/, '"cachedAtMs":"$1"')],
    ['an instant to come', (text) => text.replace(/"cachedAtMs":\d+/, '"cachedAtMs":9000000000000')],
  ])('holds nothing where there is %s: KIS is asked, and its answer put there', async (_, spoil) => {
    const store = new Map<string, unknown>();
    const { client, events, play } = start(store as unknown as CacheStore);
    await play(read(client));
    for (const [key, text] of store) store.set(key, spoil(String(text)));
    expect(await play(read(client))).not.toHaveProperty('cachedAtMs');
    expect(await play(read(client))).toHaveProperty('cachedAtMs');
    expect(failures(events)).toEqual([]);
  });

  test.each<[string, CacheStore, string, string]>([
    ['rejects', { get: fail('down'), set: fail('down') }, 'Error: down', 'Error: down'],
    [
      'throws',
      {
        get() {
          throw new TypeError('of get');
        },
        set() {
          throw new TypeError('of set');
        },
      },
      'TypeError: of get',
      'TypeError: of set',
    ],
    ['hangs', { get: hang, set: hang }, 'TimeoutError: no answer in 500 ms', 'TimeoutError: no answer in 500 ms'],
  ])('that %s fails no quote, holds it up for a second at most, and is told of', async (_, store, get, set) => {
    const { client, clock, events, play } = start(store);
    await play(client.tokens.getToken());
    const sinceMs = clock.nowMs();
    expect(await play(read(client))).toMatchObject({ stockCode: '005930' });
    // 40 ms of these KIS takes.
    expect(clock.nowMs() - sinceMs).toBeLessThanOrEqual(1_040);
    expect(failures(events)).toEqual([
      { type: 'cache-failed', operation: 'get', reason: get },
      { type: 'cache-failed', operation: 'set', reason: set },
    ]);
  });

  test('that says that it has not taken a reply, as a Keyv does, is told of', async () => {
    const broken = new Keyv({
      store: { get: fail('down'), set: fail('down'), delete: fail(''), clear: fail(''), opts: {} },
    });
    const { client, events, play } = start(broken);
    expect(await play(read(client))).toMatchObject({ stockCode: '005930' });
    expect(failures(events)).toEqual([
      { type: 'cache-failed', operation: 'set', reason: 'Error: the store has not taken it' },
    ]);
  });

  test('is left alone for ten seconds after three failures, and then tried again', async () => {
    let asked = 0;
    const count = () => {
      asked += 1;
      return hang();
    };
    const { client, events, pass, play } = start({ get: count, set: count });
    for (let n = 0; n < 20; n += 1) await play(read(client));
    expect([asked, failures(events).length]).toEqual([3, 3]);
    await pass(10_000);
    await play(read(client));
    expect([asked, failures(events).length]).toEqual([4, 4]);
  });

  test('shows nothing of its errors but what they say, on the channel, too', async () => {
    const published: unknown[] = [];
    const listener = (event: unknown) => void published.push(event);
    subscribe('@kis/client', listener);
    onTestFinished(() => void unsubscribe('@kis/client', listener));
    const command = { name: 'auth', args: ['testsecret+/='] };
    const error = Object.assign(new Error('WRONGPASS'), { command });
    const { client, events, play } = start({ get: () => Promise.reject(error), set: () => Promise.reject(7) });
    await play(read(client));
    expect(failures(events)).toEqual([
      { type: 'cache-failed', operation: 'get', reason: 'Error: WRONGPASS' },
      { type: 'cache-failed', operation: 'set', reason: 'no error was given' },
    ]);
    expect(published).toMatchObject(failures(events));
  });

  test('is told how long a reply is good, and is left open', async () => {
    const lifetimes: unknown[] = [];
    const map = new Map<string, string>();
    const store = {
      get: (key: string) => map.get(key),
      set(key: string, value: string, ttlMs: number) {
        map.set(key, value);
        lifetimes.push(ttlMs);
      },
      disconnect: () => lifetimes.push('disconnected'),
    };
    const { client, play } = startTimeline({}, { cache: { store, ttlMs: { price: 1_500.5 } } });
    await play(read(client));
    await play(client.getOrderBook('005930'));
    await client.close();
    expect(lifetimes).toEqual([1_501, 10_000]);
  });

  test('is written to its end when the client is closed', async () => {
    let written = 0;
    let write = () => {};
    const store = {
      get: () => undefined,
      async set() {
        await new Promise<void>((resolve) => {
          write = resolve;
        });
        written += 1;
      },
    };
    const { client, pass, play } = start(store);
    await play(client.tokens.getToken());
    const reading = read(client);
    await pass(41);
    const closed = client.close().then(() => written);
    await pass(1);
    write();
    expect(await closed).toBe(1);
    await reading;
  });
});
