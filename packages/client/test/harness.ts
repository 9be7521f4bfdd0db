import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock, Token, TokenManager } from '@kis/token-core';
import { onTestFinished } from 'vitest';
import { createKisClient, type KisClient, type KisClientOptions } from '../src/index.ts';

export const appKey = 'PSkeyOfTheTests0123456789abcdefghijk';
export const appSecret: string = 'testsecret+/=0123456789abcdefghijklmnopqrstuvwxyz'.repeat(3);

/** Begins as all tokens of KIS, by which the watch over the test run's output knows them. */
export const fakeToken = (n: number): string => `eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzUxMiJ9.token-${n}.${'x'.repeat(100)}`;

export interface FakeTokens extends TokenManager {
  /** How many tokens were given out. */
  readonly count: number;
}

/** A token manager without KIS: the next token comes once the last one was refused. */
export function createFakeTokens(): FakeTokens {
  let count = 1;
  const token = (): Token => ({ value: fakeToken(count), issuedAtMs: 0, expiresAtMs: Infinity });
  const unused = () => Promise.reject(new Error('not a part of this test'));
  return {
    get count() {
      return count;
    },
    async getToken({ signal } = {}) {
      signal?.throwIfAborted();
      return token();
    },
    invalidate({ value }) {
      if (value === token().value) count += 1;
    },
    refresh: unused,
    status: unused,
    revoke: unused,
    start() {},
    async close() {},
  };
}

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What to answer: an object is a reply of KIS, `'cut'` closes the socket, `'silence'` says nothing. */
export type Answer =
  | 'cut'
  | 'silence'
  | {
      readonly status?: number;
      readonly body: object | string;
      readonly headers?: Record<string, string>;
    };

/** Which of the fake tokens a call bore: `'token-1'`, `'token-2'`. */
export const tokenOf = ({ headers }: Call): string | undefined =>
  /\.(token-\d+)\./.exec(headers.authorization ?? '')?.[1];

export type Answers = (call: Call, n: number) => Answer | Promise<Answer>;

export interface TestServer {
  readonly url: string;
  readonly calls: readonly Call[];
  readonly sockets: ReadonlySet<object>;
}

/** A server on a real socket that answers as it is told, and keeps what it was asked. */
async function startServer(answer: Answers): Promise<TestServer> {
  const calls: Call[] = [];
  const sockets = new Set<object>();
  const server = createServer(async (message, reply) => {
    let body = '';
    for await (const chunk of message) body += chunk;
    const url = new URL(message.url ?? '/', 'http://localhost');
    const { method = '', headers } = message;
    const call = { method, path: url.pathname, query: Object.fromEntries(url.searchParams), headers, body };
    calls.push(call);
    sockets.add(message.socket);
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
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls, sockets };
}

function send(answer: Answer, reply: ServerResponse): void {
  if (answer === 'silence') return;
  if (answer === 'cut') {
    reply.destroy();
    return;
  }
  const { status = 200, body, headers = {} } = answer;
  reply.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  reply.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** A client of such a server, with tokens that need no KIS and no pause between repeats. */
export async function startClient(
  answer: Answers,
  options: Partial<KisClientOptions> = {},
): Promise<TestServer & { readonly client: KisClient; readonly tokens: FakeTokens }> {
  const server = await startServer(answer);
  const tokens = createFakeTokens();
  const client: KisClient = createKisClient({
    appKey,
    appSecret,
    environment: 'real',
    baseUrl: server.url,
    tokens,
    retry: { backoffMs: 0 },
    ...options,
  });
  onTestFinished(() => client.close());
  return { client, tokens, ...server };
}

export const ok = (output: object = {}): { readonly body: object } => ({
  body: { rt_cd: '0', msg_cd: 'MCA00000', msg1: '정상처리 되었습니다.', ...output },
});

export const refusal = (kisCode: string, status = 500, msg1 = 'refused     '): Answer => ({
  status,
  body: { rt_cd: '1', msg_cd: kisCode, msg1 },
});

/** The platform's clock, but that the time limit of a call (30,000 ms) comes when `deadlines` are run. */
export function createHeldClock(): Clock & { readonly deadlines: (() => void)[] } {
  const deadlines: (() => void)[] = [];
  return {
    deadlines,
    nowMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    setTimer(ms, run) {
      if (ms === 30_000) {
        deadlines.push(run);
        return () => {};
      }
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  };
}

/** Any read. */
export const read = { method: 'GET', path: '/uapi/test/read', trId: 'TEST0001' } as const;
/** Any order. */
export const order = {
  method: 'POST',
  path: '/uapi/test/order',
  trId: { real: 'TTTC0001U', virtual: 'VTTC0001U' },
} as const;
