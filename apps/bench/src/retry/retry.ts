import { createKisClient, type KisClient, type KisClientOptions } from '@kis/client';
import { createFakeKis, type FakeKis } from '@kis/mock';
import type { Table } from '../table.ts';

/** A scene, what it came to, and whether that is what was promised. */
interface Outcome {
  readonly scene: string;
  /** Of /uapi, by the mock's log. */
  readonly requests: number;
  readonly result: string;
  readonly promise: string;
  readonly isMet: boolean;
}

/** What a client makes of failures: how often the server is asked. */
export async function clientRetries(): Promise<Table> {
  const outcomes = [await failForGood(), await failBehindBreaker(), await refuseThree(), await cutAnOrder()];
  return {
    title: 'Retry: how often a server is asked that fails',
    note: "A client over the mock in process, on the real clock; requests by the mock's log.",
    columns: ['scene', 'requests', 'result'],
    rows: outcomes.map(({ scene, requests, result }) => [scene, requests, result]),
    bars: outcomes.map(({ scene, promise, requests, result, isMet }) => {
      return { promise: `${scene}: ${promise}`, seen: `${requests} requests, ${result}`, isMet, isExact: true };
    }),
  };
}

async function failForGood(): Promise<Outcome> {
  const breaker = { failureThreshold: Number.MAX_SAFE_INTEGER };
  const { requests, result } = await askThousand({ breaker, rateLimiter: { limit: 100_000 } });
  return {
    ...{ scene: '1,000 reads of a server that fails for good, breaker off', requests, result },
    promise: '1,000 to 1,010 requests',
    isMet: requests >= 1_000 && requests <= 1_010,
  };
}

async function failBehindBreaker(): Promise<Outcome> {
  const { requests, result } = await askThousand({});
  return {
    ...{ scene: '1,000 reads of a server that fails for good, breaker on', requests, result },
    promise: 'at most 10 requests',
    isMet: requests <= 10,
  };
}

function askThousand(options: Partial<KisClientOptions>) {
  return play(options, (client, fake) => {
    fake.control({ failNext: { count: 1_000_000, path: 'inquire-price', status: 500 } });
    return settle(Array.from({ length: 1_000 }, () => client.getCurrentPrice('005930')));
  });
}

async function refuseThree(): Promise<Outcome> {
  const { requests, result } = await play({}, async (client, fake) => {
    const read = () => client.getCurrentPrice('005930');
    const first = Array.from({ length: 9 }, read);
    await Promise.all(first);
    fake.control({ failNext: { count: 3, path: 'inquire-price', kisCode: 'EGW00201' } });
    return settle([...first, ...Array.from({ length: 21 }, read)]);
  });
  return {
    ...{ scene: 'EGW00201 on calls 10 to 12 of 30', requests, result },
    promise: 'all 30 are answered',
    isMet: result === '30 answered, 0 failed',
  };
}

async function cutAnOrder(): Promise<Outcome> {
  const path = '/uapi/domestic-stock/v1/trading/order-cash';
  const order = { CANO: '12345678', ACNT_PRDT_CD: '01', PDNO: '005930', ORD_DVSN: '01', ORD_QTY: '1', ORD_UNPR: '0' };
  const { requests, result } = await play({}, async (client, fake) => {
    fake.control({ failNext: { count: 1, path: 'order-cash', cut: 'after' } });
    const error = await client.request({ method: 'POST', path, trId: 'TTTC0012U' }, order).catch((error) => error);
    return `${error.code}, mayHaveArrived: ${error.mayHaveArrived}`;
  });
  return {
    ...{ scene: 'an order whose connection is cut after its body', requests, result },
    promise: '1 order at the mock, and an error that says so',
    isMet: requests === 1 && result === 'ERR_KIS_NETWORK, mayHaveArrived: true',
  };
}

/** A new client over a new mock, and how many requests it took. */
async function play(
  options: Partial<KisClientOptions>,
  act: (client: KisClient, fake: FakeKis) => Promise<string>,
): Promise<Pick<Outcome, 'requests' | 'result'>> {
  const fake = createFakeKis({ symbols: 100 });
  const appKey = 'PSBENCHBENCHBENCHBENCHBENCHBENCHBE01';
  const client = createKisClient({
    ...{ appKey, appSecret: 'benchsecret', environment: 'real', dispatcher: fake.dispatcher },
    ...options,
  });
  try {
    const result = await act(client, fake);
    return { requests: fake.log().calls, result };
  } finally {
    await client.close();
  }
}

async function settle(calls: readonly Promise<unknown>[]): Promise<string> {
  const results = await Promise.allSettled(calls);
  const failed = results.filter(({ status }) => status === 'rejected').length;
  return `${calls.length - failed} answered, ${failed.toLocaleString('en-US')} failed`;
}
