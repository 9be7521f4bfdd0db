import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startGateway } from './harness.ts';

type Act = (client: Socket, peer: Socket, server: Awaited<ReturnType<typeof startGateway>>['app']['server']) => unknown;

test.each<[name: string, status: number, detail: string, act: Act]>([
  ['is no HTTP', 400, 'The request is not HTTP', (client) => client.write('hello\r\n\r\n')],
  [
    'has headers without end',
    431,
    'The headers of the request are too long',
    (client) => client.write(`GET / HTTP/1.1\r\nHost: localhost\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`),
  ],
  [
    'does not come in time',
    408,
    'The request did not come in time',
    // As Node does after half a minute.
    (_, peer, server) =>
      server.emit('clientError', Object.assign(new Error(), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), peer),
  ],
])('what %s is answered with %i, as a problem, and hung up on', async (_, status, detail, act) => {
  const { app, gateway } = await startGateway();
  const { port, hostname } = new URL(await gateway.listen());
  const accepted = once(app.server, 'connection');
  const client = connect(Number(port), hostname);
  onTestFinished(() => void client.destroy());
  client.on('error', () => {});
  let got = '';
  client.on('data', (chunk) => {
    got += chunk;
  });
  const [peer] = (await accepted) as [Socket];
  act(client, peer, app.server);
  await once(client, 'close');
  const [head = '', body = ''] = got.split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} .*content-type: application/problem\\+json`, 'is'));
  expect(JSON.parse(body)).toMatchObject({ status, code: 'ERR_BAD_REQUEST', detail });
});
