import { createCircuitBreaker } from '@kis/breaker';
import { createRateLimiter } from '@kis/ratelimit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KisApiError, type KisClient, KisResponseError } from '../src/index.ts';
import { startClient } from './harness.ts';
import { dailyChart, ipoSchedule, minuteChart, orderBook, price, priceDetail, stockInfo } from './recorded.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

const code = '000660';
const envelope = { rt_cd: '0', msg_cd: 'MCA00000', msg1: '정상처리 되었습니다.     ' };
const quotes: Readonly<Record<string, readonly [body: object, call: (client: KisClient) => Promise<object>]>> = {
  'the current price': [price, (client) => client.getCurrentPrice(code)],
  'the order book': [orderBook, (client) => client.getOrderBook(code)],
  'a chart of days': [dailyChart, (client) => client.getChart(code, { period: 'day', count: 1 })],
  'a chart of minutes': [minuteChart, (client) => client.getChart(code, { period: '1m', count: 1 })],
  'what a stock is': [stockInfo, (client) => client.getStockInfo(code)],
  'how a stock is listed': [stockInfo, (client) => client.searchStockInfo(code)],
  'the detail of a price abroad': [priceDetail, (client) => client.getOverseasPriceDetail('TSLA', { country: 'US' })],
  'the IPO schedule': [ipoSchedule, (client) => client.getIpoSchedule({ from: '20240101', to: '20241231' })],
};

/** A client that is answered with `answer.body` whatever it asks. */
async function startAnswered() {
  const answer: { body: object } = { body: {} };
  const { client } = await startClient(
    () => ({ body: answer.body, headers: { date: 'Tue, 11 Jun 2024 07:00:00 GMT' } }),
    {
      retry: false,
      rateLimiter: createRateLimiter({ limit: 100_000 }),
      breaker: createCircuitBreaker({ failureThreshold: 100_000 }),
    },
  );
  return { client, answer };
}

/** Every object in it, changed; the innermost first. */
function mapObjects(json: Json, change: (object: Record<string, Json>) => Json): Json {
  if (Array.isArray(json)) return json.map((it: Json) => mapObjects(it, change));
  if (typeof json !== 'object' || json === null) return json;
  const entries = Object.entries(json).map(([name, value]): [string, Json] => [name, mapObjects(value, change)]);
  return change(Object.fromEntries(entries));
}

const mapValues = (change: (value: string) => Json) => (body: Json) =>
  mapObjects(body, (object) => {
    const entries = Object.entries(object);
    return Object.fromEntries(entries.map(([name, it]) => [name, typeof it === 'string' ? change(it) : it]));
  });

const mapBlocks = (change: (block: Json) => Json) => (body: Json) =>
  Object.fromEntries(
    Object.entries(body as object).map(([name, it]) => [name, name.startsWith('output') ? change(it) : it]),
  );

/** What KIS has been seen to do, and the data is the same. */
const harmless: Readonly<Record<string, (body: Json) => Json>> = {
  'new fields at the end': (body) => mapObjects(body, (object) => ({ ...object, new_fld1: '1', NEW: { of: ['it'] } })),
  'a blank in a name': mapBlocks((block) =>
    mapObjects(block, (object) => ({ ...object, 'itewhol_loan_rmnd_ratem name': '0.32' })),
  ),
  'numbers as numbers': mapValues((value) => (/^-?(?!0\d)\d+(?:\.\d+)?$/.test(value) ? Number(value) : value)),
  'blanks around values': mapValues((value) => `  ${value}    `),
  'Output for output': (body) =>
    Object.fromEntries(Object.entries(body as object).map(([name, it]) => [name.replace(/^o/, 'O'), it])),
  'names in capitals': mapBlocks((block) =>
    mapObjects(block, (object) =>
      Object.fromEntries(Object.entries(object).map(([name, it]) => [name.toUpperCase(), it])),
    ),
  ),
  'an array around an object': mapBlocks((block) => (Array.isArray(block) ? block : [block])),
  'empty rows at the end': mapBlocks((block) => (Array.isArray(block) ? [...block, {}, {}] : block)),
  'a name unlike the others': (body) => ({ ...(body as object), output9: [], CTX_AREA_NK100: '   ' }),
};

describe.each(Object.entries(quotes))('%s', (_, [recorded, call]) => {
  const body = { ...recorded, ...envelope } as Json & object;

  test('is the same, and its answer kept as it came, whatever of this KIS does to its reply', async () => {
    const { client, answer } = await startAnswered();
    const read = async (it: object) => {
      answer.body = it;
      const { raw, ...data } = { raw: it, ...(await call(client)) };
      expect(raw).toEqual(it);
      return data;
    };
    const expected = await read(body);
    const changes = fc.uniqueArray(fc.constantFrom(...Object.keys(harmless)), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(changes, async (names) => {
        const changed = names.reduce<Json>((it, name) => harmless[name]?.(it) ?? it, body);
        expect(await read(changed as object)).toEqual(expected);
      }),
      { numRuns: 100, examples: Object.keys(harmless).map((name) => [[name]]) },
    );
  });

  test('is read, or one of the two errors of a reply, whatever stands in it', async () => {
    const { client, answer } = await startAnswered();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(), damage), { minLength: 1, maxLength: 4 }), async (damages) => {
        answer.body = damages.reduce<Json>((it, [place, value]) => harm(it, place, value), body) as object;
        const result = await call(client).catch((it) => it);
        const isTold = result instanceof KisResponseError || result instanceof KisApiError;
        expect(isTold || !(result instanceof Error), String(result)).toBe(true);
        if (result instanceof KisResponseError) expect([result.expected, result.where]).not.toContain('');
      }),
      { numRuns: 300 },
    );
  });
});

/** Instead of a value; undefined takes it out. */
const damage: fc.Arbitrary<Json | undefined> = fc.oneof(
  fc.constantFrom<Json | undefined>(undefined, null, '', ' ', [], {}, [[]], [null], '0', 0, -1, true, 'NaN', {
    toString: 1,
  }),
  fc.jsonValue() as fc.Arbitrary<Json>,
);

/** The reply with another value at one of its places, counted through all of them but the whole. */
function harm(body: Json, place: number, value: Json | undefined): Json {
  const paths = pathsOf(body);
  const [path = []] = paths.slice(place % Math.max(paths.length, 1));
  return path.length === 0 ? body : put(body, path, value);
}

function pathsOf(json: Json): string[][] {
  if (typeof json !== 'object' || json === null) return [];
  return Object.entries(json).flatMap(([name, it]) => [[name], ...pathsOf(it).map((path) => [name, ...path])]);
}

function put(json: Json, [name = '', ...rest]: readonly string[], value: Json | undefined): Json {
  const entries = Object.entries(json as object).flatMap(([key, it]): [string, Json][] => {
    if (key !== name) return [[key, it]];
    const changed = rest.length === 0 ? value : put(it, rest, value);
    return changed === undefined ? [] : [[key, changed]];
  });
  return Array.isArray(json) ? entries.map(([, it]) => it) : Object.fromEntries(entries);
}

describe('a reply without rows', () => {
  test.each([[[]], [{}], [[{}]], [null], [undefined]])(
    '(%j) of a stock that has a price is a chart without candles',
    async (output2) => {
      const { client, answer } = await startAnswered();
      answer.body = { ...envelope, output1: { stck_prpr: '5000' }, output2 };
      for (const period of ['day', '1m'] as const)
        expect(await client.getChart(code, { period, count: 5 })).toEqual([]);
    },
  );

  test.each([[''], ['none'], [0], [true]])(
    '(%j) that are no rows at all is an error that says what was expected, and where',
    async (output2) => {
      const { client, answer } = await startAnswered();
      answer.body = { ...envelope, output1: { stck_prpr: '5000' }, output2 };
      const call = client.getChart(code, { period: 'day', count: 5 });
      await expect(call).rejects.toMatchObject({ code: 'ERR_KIS_RESPONSE', expected: 'an array', where: 'output2' });
    },
  );
});

test('an order book without its time bears that of the answer', async () => {
  const { client, answer } = await startAnswered();
  answer.body = { ...envelope, ...orderBook, output1: { ...(orderBook.output1 as object), aspr_acpt_hour: '' } };
  expect((await client.getOrderBook(code)).timestampMs).toBe(Date.parse('2024-06-11T07:00:00Z'));
});
