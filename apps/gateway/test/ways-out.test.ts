import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { API_KEY, headersFor, holdAnswers, PRICE_PATH, PRICE_URL, type Stage, startGateway } from './harness.ts';

async function open(url: string): Promise<{ readonly socket: Socket; readonly received: Promise<string> }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  const received = (async () => {
    let text = '';
    for await (const chunk of socket) text += chunk;
    return text;
  })();
  return { socket, received };
}

function question(path: string, headers: Record<string, string> = {}): string {
  const lines = Object.entries({ host: 'localhost', ...headers }).map(([name, value]) => `${name}: ${value}`);
  return `GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}

const jsonOf = async ({ app }: Stage, url: string) => (await app.inject(url)).json();

describe('an address that cannot be read', () => {
  test.each([
    ['that is badly encoded', '%zz'],
    ['that ends too early', '%'],
    ['of no Unicode', '%c0%80'],
    ['that is too long', 'a'.repeat(300)],
  ])('%s is refused in the words of whose path it is', async (_, end) => {
    const stage = await startGateway();
    expect(await jsonOf(stage, `/v1/quotes/${end}`)).toMatchObject({
      type: 'about:blank',
      status: expect.toSatisfy((status) => status >= 400 && status < 500),
      code: 'ERR_BAD_REQUEST',
    });
    expect(await jsonOf(stage, `/uapi/${end}`)).toMatchObject({ rt_cd: '1', msg_cd: expect.stringMatching(/^EGW/) });
    expect(await jsonOf(stage, `/oauth2/${end}`)).toMatchObject({ error_code: expect.stringMatching(/^EGW/) });
  });
});

describe('a gateway that ends', () => {
  test('answers newcomers on connections that are open in the words of whose path it is', async () => {
    const held = holdAnswers(PRICE_PATH);
    const stage = await startGateway({ between: held.between });
    const url = await stage.gateway.listen();
    const headers = await headersFor(stage.app, 'FHKST01010100', API_KEY);
    const paths = [PRICE_URL, '/oauth2/tokenP', '/v1/stocks/005930', '/readyz', '/healthz'];
    const opened = [];
    for (const _ of paths) opened.push(await open(url));
    for (const { socket } of opened) socket.write(question(PRICE_URL, headers));
    await held.arrived;
    const closed = stage.gateway.close();
    for (const [n, path] of paths.entries()) {
      opened[n]?.socket.write(question(path, headers));
      await once(stage.app.server, 'request');
    }
    held.release();
    const texts = await Promise.all(opened.map(({ received }) => received));
    await closed;
    const bodies = texts.map((text) => JSON.parse(text.split('\r\n\r\n').at(-1) ?? ''));
    expect(bodies).toEqual([
      { rt_cd: '1', msg_cd: 'EGW00202', msg1: expect.any(String) },
      { error_code: 'EGW00202', error_description: expect.any(String) },
      expect.objectContaining({ status: 503, code: 'ERR_GATEWAY_ENDS' }),
      expect.objectContaining({ ready: false, details: ['the gateway ends'] }),
      { status: 'ok' },
    ]);
    for (const text of texts) expect(text).toMatch(/"rt_cd":"0"/);
  });
});

test('who sends too slowly is let go soon after his time is over', { timeout: 15_000 }, async () => {
  const { app, gateway } = await startGateway();
  const { socket, received } = await open(await gateway.listen());
  const { server } = app;
  expect(server.headersTimeout).toBeLessThanOrEqual(server.requestTimeout);
  [server.headersTimeout, server.requestTimeout] = [1_000, 1_000];
  socket.write(
    'POST /v1/quotes HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
  );
  expect(await received).toMatch(/^HTTP\/1\.1 408 /);
});
