import { once } from 'node:events';
import { connect } from 'node:net';
import { Pool } from 'undici';
import { afterEach, describe, expect, test } from 'vitest';
import { createFakeKis, type MockServer, type MockServerOptions, startMockServer } from '../src/index.ts';
import { KEYS, PRICE } from './calls.ts';
import { createManualClock } from './manual-clock.ts';

const BODY = JSON.stringify({ grant_type: 'client_credentials', ...KEYS });
const QUERY = `${PRICE}?FID_COND_MRKT_DIV_CODE=J&FID_INPUT_ISCD=005930`;

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function start(options: MockServerOptions = {}): Promise<{ server: MockServer; pool: Pool }> {
  const server = await startMockServer({ symbols: 10, issueIntervalMs: 0, ...options });
  const pool = new Pool(server.url, { connections: 2 });
  open.push(
    () => server.close(),
    () => pool.destroy(),
  );
  return { server, pool };
}

async function headersFor(pool: Pool): Promise<Record<string, string>> {
  const { body } = await pool.request({ path: '/oauth2/tokenP', method: 'POST', body: BODY });
  const { access_token } = (await body.json()) as { access_token: string };
  return { ...KEYS, authorization: `Bearer ${access_token}`, tr_id: 'FHKST01010100' };
}

describe('the server', () => {
  test('serves KIS over few sockets that stay open, and counts those that carried /uapi', async () => {
    const { server, pool } = await start();
    const headers = await headersFor(pool);
    for (let round = 0; round < 4; round++) {
      const replies = await Promise.all([0, 1].map(() => pool.request({ path: QUERY, method: 'GET', headers })));
      for (const reply of replies) {
        const text = await reply.body.text();
        expect(reply.headers['content-length']).toBe(String(Buffer.byteLength(text)));
        expect(JSON.parse(text)).toMatchObject({ rt_cd: '0' });
      }
    }
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(server.fake.log()).toMatchObject({ calls: 8, connections: 2, tokenRequests: 1 });
    const log = await (await fetch(`${server.url}/__log`)).json();
    expect(log).toMatchObject({ calls: 8, connections: 2 });
  });

  test('tells the time at its root, to anybody and unlogged', async () => {
    const nowMs = Date.parse('2030-05-06T07:08:09.500Z');
    const { server } = await start({ clock: createManualClock(nowMs) });
    const reply = await fetch(`${server.url}/`);
    expect([reply.status, reply.headers.get('date')]).toEqual([404, 'Mon, 06 May 2030 07:08:09 GMT']);
    expect(server.fake.log().entries).toEqual([]);
  });

  test('serves a fake that was made before', async () => {
    const fake = createFakeKis({ symbols: 3 });
    const { server, pool } = await start({ fake });
    await headersFor(pool);
    expect(server.fake).toBe(fake);
    expect(fake.log().tokensIssued).toBe(1);
  });

  test.each(['before', 'after'] as const)('closes the socket without a word when it is cut %s', async (cut) => {
    const { server, pool } = await start({ sameTokenMs: 0 });
    server.fake.control({ failNext: { count: 1, path: '/oauth2/tokenP', cut } });
    await expect(pool.request({ path: '/oauth2/tokenP', method: 'POST', body: BODY })).rejects.toMatchObject({
      code: 'UND_ERR_SOCKET',
    });
    expect(server.fake.log().tokensIssued).toBe(cut === 'after' ? 1 : 0);
    expect(await headersFor(pool)).toHaveProperty('authorization');
  });

  test('sends half of a body that never ends, until the client gives up', async () => {
    const { server, pool } = await start();
    server.fake.control({ failNext: { count: 1, cut: 'never-ends' } });
    const reply = await pool.request({ path: '/oauth2/tokenP', method: 'POST', body: BODY, bodyTimeout: 1_000 });
    expect(reply.statusCode).toBe(200);
    await expect(reply.body.text()).rejects.toMatchObject({ code: 'UND_ERR_BODY_TIMEOUT' });
  });

  test('judges the call of a client that died while it waited', async () => {
    const { server } = await start({ tokenLatencyMs: 200 });
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      `POST /oauth2/tokenP HTTP/1.1\r\nhost: kis\r\ncontent-length: ${Buffer.byteLength(BODY)}\r\n\r\n${BODY}`,
    );
    await new Promise((resolve) => setTimeout(resolve, 30));
    socket.resetAndDestroy();
    await expect.poll(() => server.fake.log().tokensIssued).toBe(1);
    const half = connect(Number(new URL(server.url).port), '127.0.0.1');
    await once(half, 'connect');
    half.write('POST /oauth2/tokenP HTTP/1.1\r\nhost: kis\r\ncontent-length: 500\r\n\r\n{');
    half.resetAndDestroy();
    expect((await fetch(`${server.url}/__log`)).status).toBe(200);
  });

  test.each(['NONSENSE', 'GET / HTTP/9.9', `GET / HTTP/1.1\r\nx: ${'a'.repeat(20_000)}`])(
    'answers %.20j with 400 and closes',
    async (line) => {
      const { server } = await start();
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
      let heard = '';
      socket.on('data', (chunk) => {
        heard += chunk;
      });
      socket.write(`${line}\r\n\r\n`);
      await once(socket, 'close');
      const [head = '', body = ''] = heard.split('\r\n\r\n');
      expect(head).toMatch(/^HTTP\/1\.1 400 /);
      expect(head).toContain(`content-length: ${Buffer.byteLength(body)}`);
      expect(JSON.parse(body)).toMatchObject({ rt_cd: '1', msg_cd: 'EGW00101' });
      expect((await fetch(`${server.url}/__log`)).status).toBe(200);
    },
  );

  test('ends all sockets and its own delays when it closes', async () => {
    const { server, pool } = await start({ tokenLatencyMs: 60_000 });
    const waiting = pool.request({ path: '/oauth2/tokenP', method: 'POST', body: BODY });
    const refused = expect(waiting).rejects.toMatchObject({ code: expect.stringMatching(/UND_ERR_SOCKET|ECONNRESET/) });
    const idle = connect(Number(new URL(server.url).port), '127.0.0.1');
    await once(idle, 'connect');
    idle.on('error', () => idle.destroy());
    const idleEnded = new Promise((resolve) => idle.resume().once('close', resolve));
    await expect.poll(() => pool.stats.running).toBe(1);
    await server.close();
    await Promise.all([refused, idleEnded]);
    await expect(fetch(server.url)).rejects.toThrow();
  });

  test('refuses a port that is no port, and one that is taken', async () => {
    await expect(startMockServer({ port: 70_000 })).rejects.toThrow(
      'mock: `port` must be an integer from 0 to 65535, got 70000',
    );
    const { server } = await start();
    const port = Number(new URL(server.url).port);
    await expect(startMockServer({ port, symbols: 1 })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
