import { readFileSync } from 'node:fs';
import { createCircuitBreaker } from '@kis/breaker';
import { describe, expect, test } from 'vitest';
import { isRateRefusal, KisApiError } from '../src/index.ts';
import { type KisAction, kisCodes } from '../src/kis-codes.ts';
import { createFakeTokens } from './harness.ts';
import { balance, buy, price, startTimeline } from './timeline.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const actions = Object.keys(kisCodes) as KisAction[];

describe('the table of codes', () => {
  test.each(actions)('is the one of the README: %s', (action) => {
    const [row = ''] = new RegExp(`^\\| \`${action}\` \\|.*$`, 'm').exec(readme) ?? [];
    expect(row.match(/\b[A-Z]{3,4}\d{4,5}\b/g)).toEqual(kisCodes[action]);
  });

  test('has each code once', () => {
    const all = Object.values(kisCodes).flat();
    expect(new Set(all).size).toBe(all.length);
    expect(all.filter((code) => !/^(?:EGW|IGW)\d{4,5}$|^OPSQ\d{4}$/.test(code))).toEqual([]);
  });
});

/** What becomes of a read and of an order that KIS refuses by this code whenever they are sent. */
async function refuse(kisCode: string, call: typeof price, status?: number) {
  const breaker = createCircuitBreaker({ failureThreshold: 1_000 });
  const tokens = createFakeTokens();
  const { fake, client, play } = startTimeline({}, { breaker, tokens });
  // One failure to begin with: what speaks for KIS makes it none.
  fake.control({ failNext: { count: 1, cut: 'before' } });
  const cut = { method: 'POST', path: '/uapi/cut', trId: 'CUT' } as const;
  await play(client.request(cut).catch(() => {}));
  fake.control({ clearLog: true, failNext: { count: 100, kisCode, status } });
  const error = await play(call(client).then(Boolean, (it) => it));
  expect(error).toBeInstanceOf(KisApiError);
  return {
    sent: fake.log().calls,
    mayHaveArrived: error.mayHaveArrived,
    failures: breaker.stats().failures,
    isRateRefusal: isRateRefusal(error),
    tokens: tokens.count,
  };
}

describe('B3: which failures count, and what is sent again', () => {
  const counted = { isRateRefusal: false, tokens: 1 };
  const outcomes: Readonly<Record<KisAction, readonly [read: object, order: object]>> = {
    R: [
      { ...counted, sent: 4, mayHaveArrived: true, failures: 5 },
      { ...counted, sent: 1, mayHaveArrived: true, failures: 2 },
    ],
    A: [
      { ...counted, sent: 4, mayHaveArrived: true, failures: 5 },
      { ...counted, sent: 1, mayHaveArrived: true, failures: 2 },
    ],
    B: [
      { tokens: 1, sent: 10, mayHaveArrived: false, failures: 1 },
      { tokens: 1, sent: 10, mayHaveArrived: false, failures: 1 },
    ],
    T: [
      { ...counted, tokens: 3, sent: 2, mayHaveArrived: false, failures: 1 },
      { ...counted, tokens: 3, sent: 2, mayHaveArrived: false, failures: 1 },
    ],
    W: [
      { ...counted, sent: 1, mayHaveArrived: false, failures: 0 },
      { ...counted, sent: 1, mayHaveArrived: false, failures: 0 },
    ],
    F: [
      { ...counted, sent: 1, mayHaveArrived: false, failures: 0 },
      { ...counted, sent: 1, mayHaveArrived: false, failures: 0 },
    ],
  };
  const business = ['MCA05918', 'KIER2620', 'APBK0400', 'APBK0952', 'APAC0081', '40580000', 'SYMB0001'];
  const ofGateway = ['EGW99999', 'IGW00001', 'OPSQ1234'];

  test.each(actions)('%s', async (action) => {
    const [read, order] = outcomes[action];
    for (const kisCode of [...kisCodes[action], ...(action === 'F' ? business : [])]) {
      expect(await refuse(kisCode, price), kisCode).toMatchObject(read);
      expect(await refuse(kisCode, balance), kisCode).toMatchObject(read);
      expect(await refuse(kisCode, buy), kisCode).toMatchObject(order);
    }
  });

  test.each(ofGateway)(
    '%s, which nobody knows: HTTP 500 says nothing of what was done, 200 and 403 end it',
    async (kisCode) => {
      const [read, order] = outcomes.A;
      expect(await refuse(kisCode, price, 500)).toMatchObject(read);
      expect(await refuse(kisCode, buy, 500)).toMatchObject(order);
      for (const status of [200, 403]) {
        expect(await refuse(kisCode, price, status)).toMatchObject(outcomes.F[0]);
        expect(await refuse(kisCode, buy, status)).toMatchObject(outcomes.F[1]);
      }
    },
  );

  test.each(business)('%s, of business, ends it with HTTP 500, too', async (kisCode) => {
    expect(await refuse(kisCode, price, 500)).toMatchObject(outcomes.F[0]);
    expect(await refuse(kisCode, buy, 500)).toMatchObject(outcomes.F[1]);
  });

  test("EGW00201 is a refusal of the rate, and EGW00215, which is the ledger's, is none", async () => {
    expect(await refuse('EGW00201', price)).toMatchObject({ isRateRefusal: true });
    expect(await refuse('EGW00215', balance)).toMatchObject({ isRateRefusal: false });
    for (const other of [undefined, null, new Error('EGW00201'), { kisCode: 'EGW00201' }]) {
      expect(isRateRefusal(other)).toBe(false);
    }
  });
});
