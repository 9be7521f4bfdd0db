import { createFakeKis, type FakeKis, type FakeKisOptions } from '@kis/mock';
import type { Clock } from '@kis/token-core';
import { onTestFinished } from 'vitest';
import { createKisClient, type KisClient, type KisClientEvent, type KisClientOptions } from '../src/index.ts';
import { appKey, appSecret } from './harness.ts';

/** A fake KIS and a client of it in one process, without sockets, on one clock that goes only when told to. */
export interface Timeline {
  readonly fake: FakeKis;
  readonly client: KisClient;
  readonly clock: Clock;
  /** What the client told of itself, in order. */
  readonly events: readonly KisClientEvent[];
  /** Lets time pass. */
  pass(ms: number): Promise<void>;
  /** Lets time pass until the promise is settled, an hour at most. */
  play<T>(promise: Promise<T>): Promise<T>;
}

const HOUR_MS = 3_600_000;

export function startTimeline(
  ofFake: FakeKisOptions = {},
  ofClient: Partial<KisClientOptions> | ((clock: Clock) => Partial<KisClientOptions>) = {},
  /** Default: 10:00 of a Friday in Korea. */
  startMs: number = Date.parse('2026-11-20T01:00:00Z'),
): Timeline {
  const { clock, pass, play } = createSteps(startMs);
  const fake = createFakeKis({ symbols: 20, latencyMs: 40, tokenLatencyMs: 100, clock, ...ofFake });
  const events: KisClientEvent[] = [];
  const client = createKisClient({
    appKey,
    appSecret,
    environment: 'real',
    dispatcher: fake.dispatcher,
    clock,
    onEvent: (event) => events.push(event),
    ...(typeof ofClient === 'function' ? ofClient(clock) : ofClient),
  });
  onTestFinished(() => client.close());
  return { fake, client, clock, events, pass, play };
}

function createSteps(startMs: number) {
  let nowMs = startMs;
  let changes = 0;
  const timers = new Set<{ readonly dueMs: number; readonly run: () => void }>();
  const clock: Clock = {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    setTimer(ms, run) {
      // As the platform does it: no timer is shorter than a millisecond.
      const timer = { dueMs: nowMs + Math.max(1, ms), run };
      timers.add(timer);
      changes += 1;
      return () => {
        timers.delete(timer);
        changes += 1;
      };
    },
  };

  /** Until nothing is left that waits for nothing but memory. */
  async function rest(): Promise<void> {
    let seen: number;
    do {
      seen = changes;
      for (let turn = 0; turn < 30; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    } while (changes !== seen);
  }

  /** To the next timer, or to `untilMs`. */
  async function step(untilMs: number): Promise<void> {
    const [next] = [...timers].sort((a, b) => a.dueMs - b.dueMs);
    nowMs = Math.max(nowMs, Math.min(untilMs, next?.dueMs ?? Infinity));
    if (next !== undefined && next.dueMs <= nowMs) {
      timers.delete(next);
      next.run();
    }
    await rest();
  }

  async function pass(ms: number): Promise<void> {
    const untilMs = nowMs + ms;
    await rest();
    while (nowMs < untilMs) await step(untilMs);
  }

  async function play<T>(promise: Promise<T>): Promise<T> {
    const untilMs = nowMs + HOUR_MS;
    let isSettled = false;
    const see = () => {
      isSettled = true;
    };
    promise.then(see, see);
    await rest();
    while (!isSettled && nowMs < untilMs) await step(untilMs);
    if (!isSettled) throw new Error('an hour has passed, and the promise is not settled');
    return promise;
  }

  return { clock, pass, play };
}

/** What became of each of many calls. */
export async function outcomes(
  calls: readonly Promise<unknown>[],
): Promise<{ readonly ok: number; readonly errors: readonly { readonly reason?: unknown }[] }> {
  const settled = await Promise.allSettled(calls);
  const errors = settled.flatMap((it) => (it.status === 'rejected' ? [it.reason] : []));
  return { ok: settled.length - errors.length, errors };
}

export const times = <T>(count: number, call: (n: number) => Promise<T>): Promise<T>[] =>
  Array.from({ length: count }, (_, n) => call(n));

const account = { CANO: '12345678', ACNT_PRDT_CD: '01' };

/** A read. */
export const price = (client: KisClient): Promise<unknown> => client.getCurrentPrice('005930');

/** A read of the account. */
export const balance = (client: KisClient): Promise<unknown> =>
  client.request(
    {
      method: 'GET',
      path: '/uapi/domestic-stock/v1/trading/inquire-balance',
      trId: { real: 'TTTC8434R', virtual: 'VTTC8434R' },
    },
    {
      ...account,
      AFHR_FLPR_YN: 'N',
      OFL_YN: '',
      INQR_DVSN: '02',
      UNPR_DVSN: '01',
      FUND_STTL_ICLD_YN: 'N',
      FNCG_AMT_AUTO_RDPT_YN: 'N',
      PRCS_DVSN: '00',
      CTX_AREA_FK100: '',
      CTX_AREA_NK100: '',
    },
  );

/** An order. */
export const buy = (client: KisClient): Promise<unknown> =>
  client.request(
    {
      method: 'POST',
      path: '/uapi/domestic-stock/v1/trading/order-cash',
      trId: { real: 'TTTC0012U', virtual: 'VTTC0012U' },
    },
    { ...account, PDNO: '005930', ORD_DVSN: '01', ORD_QTY: '1', ORD_UNPR: '0', EXCG_ID_DVSN_CD: 'KRX' },
  );
