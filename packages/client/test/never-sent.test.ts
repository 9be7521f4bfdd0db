import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Agent, type buildConnector, errors } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Call, ok, order, startClient } from './harness.ts';

const failed = (code: string, syscall: string) =>
  Object.assign(new Error(`${syscall} ${code} 203.0.113.1:9443`), { code, syscall });

const ofConnect = ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'].map((code) => failed(code, 'connect'));
const ofLookup = ['ENOTFOUND', 'EAI_AGAIN'].map((code) => failed(code, 'getaddrinfo'));
const codes = [...ofConnect, ...ofLookup].map(({ code }) => code);

/** What becomes of an order over connections that are made so. */
async function place(connector: (url: string) => buildConnector.connector, answer: (call: Call) => Promise<void>) {
  const opened: string[] = [];
  let url = '';
  const dispatcher = new Agent({
    connect(options, callback) {
      opened.push(options.hostname);
      connector(url)(options, callback);
    },
  });
  onTestFinished(() => dispatcher.destroy());
  const { client, calls, ...server } = await startClient(
    async (call) => {
      await answer(call);
      return ok();
    },
    { dispatcher, retry: { retries: 2, backoffMs: 0 } },
  );
  url = server.url;
  const error = await client.request(order).catch((it) => it);
  return { error, attempts: opened.length, orders: calls.length };
}

/** Every connection fails before it is one. */
const failToConnect = (error: Error) =>
  place(
    () => (_, callback) => callback(error, null),
    async () => {},
  );

/** Every connection breaks once the server has read the order. */
async function failOnceRead(error: Error) {
  const sockets: Socket[] = [];
  return place(
    (url) => (_, callback) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      sockets.push(socket);
      socket.once('connect', () => callback(null, socket));
    },
    async () => {
      const socket = sockets.at(-1);
      if (socket === undefined) return;
      const closed = once(socket, 'close').catch(() => {});
      socket.destroy(error);
      await closed;
    },
  );
}

describe('an order', () => {
  test.each([...ofConnect, ...ofLookup, new errors.ConnectTimeoutError('connect timeout')])(
    'did not leave where there was no connection (%s), and is tried again',
    async (cause) => {
      const { error, attempts, orders } = await failToConnect(cause);
      expect(error).toMatchObject({ code: 'ERR_KIS_NETWORK', mayHaveArrived: false, cause });
      expect([attempts, orders]).toEqual([3, 0]);
    },
  );

  test('did not leave where all addresses of the host failed so', async () => {
    const { error, attempts } = await failToConnect(Object.assign(new AggregateError(ofConnect), ofConnect[0]));
    expect(error).toMatchObject({ mayHaveArrived: false });
    expect(attempts).toBe(3);
  });

  test.each([
    ['one of them failed otherwise', [...ofConnect, failed('EHOSTUNREACH', 'read')]],
    ['none of them says how', []],
  ])('may have left where %s', async (_, members) => {
    const { error, attempts } = await failToConnect(Object.assign(new AggregateError(members), ofConnect[0]));
    expect(error).toMatchObject({ mayHaveArrived: true });
    expect(attempts).toBe(1);
  });

  test.each(codes.flatMap((code) => ['read', 'write'].map((syscall) => [syscall, code] as const)))(
    'is placed once where its connection broke (%s %s), and may have arrived',
    async (syscall, code) => {
      const { error, orders } = await failOnceRead(failed(code, syscall));
      expect(error).toMatchObject({ code: 'ERR_KIS_NETWORK', mayHaveArrived: true, cause: { code, syscall } });
      expect(orders).toBe(1);
    },
  );
});
