import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MarketData } from '@kis/client';
import { onTestFinished } from 'vitest';
import { type Clock, createKrxSource, type KrxSourceOptions } from '../src/index.ts';

export const apiKey = 'KRXtestsecret+/=0123456789abcdef';

export type Row = Readonly<Record<string, unknown>>;

/** The row of krx.md, as KRX gave it. */
export const realRow: Row = JSON.parse(
  readFileSync(new URL('fixtures/stk_bydd_trd-20240105.json', import.meta.url), 'utf8'),
).OutBlock_1[0];

/** A row of the real form with other values. */
export const row = (values: Row): Row => ({ ...realRow, ...values });

interface Call {
  readonly service: string;
  readonly date: string;
  readonly authKey: string | undefined;
}

/** What to answer: rows, a status, a body; `'cut'` closes the socket, `'silence'` says nothing. */
export type Answer = readonly Row[] | number | string | { readonly status: number; readonly body: string };
export type Answers = (call: Call, n: number) => Answer | Promise<Answer>;

export interface TestKrx {
  readonly url: string;
  readonly calls: readonly Call[];
}

/** A KRX on a real socket that answers as it is told, and keeps what it was asked. */
export async function startKrx(answer: Answers): Promise<TestKrx> {
  const calls: Call[] = [];
  const server = createServer(async (message, reply) => {
    const url = new URL(message.url ?? '/', 'http://localhost');
    const call = {
      service: url.pathname.replace('/svc/apis/', ''),
      date: url.searchParams.get('basDd') ?? '',
      authKey: [message.headers.auth_key].flat()[0],
    };
    calls.push(call);
    send(await answer(call, calls.length), reply);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/svc/apis`, calls };
}

function send(answer: Answer, reply: ServerResponse): void {
  if (answer === 'silence') return;
  if (answer === 'cut') {
    reply.destroy();
    return;
  }
  const { status, body } =
    typeof answer === 'number'
      ? { status: answer, body: '{"respMsg":"Unauthorized Key","respCode":"401"}' }
      : typeof answer === 'string'
        ? { status: 200, body: answer }
        : 'body' in answer
          ? answer
          : { status: 200, body: JSON.stringify({ OutBlock_1: answer }) };
  reply.writeHead(status, { 'content-type': 'application/json;charset=UTF-8' }).end(body);
}

/** A clock that stands at a time of Korea until it is put elsewhere. Pauses are over at once; time limits come when they are told to. */
export interface TestClock extends Clock {
  put(time: string): void;
  readonly pauses: readonly number[];
  readonly limits: (() => void)[];
}

const timeLimits: readonly number[] = [30_000, 2_000];

function createTestClock(time: string): TestClock {
  let now = korea(time);
  const pauses: number[] = [];
  const limits: (() => void)[] = [];
  return {
    pauses,
    limits,
    nowMs: () => now,
    put(next) {
      now = korea(next);
    },
    setTimer(ms, run) {
      if (timeLimits.includes(ms)) {
        limits.push(run);
        return () => {
          if (limits.includes(run)) limits.splice(limits.indexOf(run), 1);
        };
      }
      pauses.push(ms);
      const timer = setImmediate(run);
      return () => clearImmediate(timer);
    },
  };
}

/** This wall time of Korea in epoch milliseconds. */
export const korea = (time: string): number => Date.parse(`${time}+09:00`);

/** A source at such a KRX, at a time in Korea. */
export async function startSource(
  answer: Answers,
  time: string,
  options: Partial<KrxSourceOptions> = {},
): Promise<TestKrx & { readonly source: MarketData; readonly clock: TestClock }> {
  const krx = await startKrx(answer);
  const clock = createTestClock(time);
  const source = createKrxSource({ apiKey, baseUrl: krx.url, clock, ...options });
  onTestFinished(() => source.close());
  return { ...krx, source, clock };
}

/** KOSPI alone has rows, and those of these days. */
export const kospi =
  (days: Readonly<Record<string, readonly Row[]>>): Answers =>
  ({ service, date }) =>
    service === 'sto/stk_bydd_trd' ? (days[date] ?? []) : [];

/** The dates of weekdays from the first to the last one, `YYYYMMDD`, oldest first. */
export function weekdays(first: string, last: string): string[] {
  const found: string[] = [];
  const dayMs = 86_400_000;
  for (let ms = Date.parse(first); ms <= Date.parse(last); ms += dayMs) {
    const date = new Date(ms);
    if (![0, 6].includes(date.getUTCDay())) found.push(date.toISOString().slice(0, 10).replaceAll('-', ''));
  }
  return found;
}

export const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => new Error('nothing was thrown'),
    (error: unknown) => error,
  );
