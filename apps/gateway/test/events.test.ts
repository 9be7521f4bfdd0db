import { connect } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import { type Stage, startGateway } from './harness.ts';

const PATIENCE = { timeout: 5_000, interval: 50 };

interface Event {
  readonly type: string;
  readonly data: Record<string, unknown>;
}

/** Events as they come, until `isEnough`. */
async function listen({ gateway }: Stage, isEnough: (events: readonly Event[]) => boolean): Promise<Event[]> {
  const url = await gateway.listen();
  const hangUp = new AbortController();
  const reply = await fetch(`${url}/events`, { signal: hangUp.signal });
  expect(reply.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const events: Event[] = [];
  let text = '';
  for await (const chunk of reply.body ?? []) {
    text += Buffer.from(chunk).toString();
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, type = '', json = ''] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
      if (type !== '') events.push({ type, data: JSON.parse(json) });
    }
    if (isEnough(events)) break;
  }
  hangUp.abort();
  return events;
}

describe('GET /events', () => {
  test('leaves the figures of the cache to those who ask: its own board counts for nothing there', async () => {
    const stage = await startGateway();
    const boards = (all: readonly Event[]) => all.filter(({ type }) => type === 'quotes');
    const events = await listen(stage, (all) => boards(all).length >= 2 && all.at(-1)?.type === 'state');
    expect(events.at(-1)?.data).toMatchObject({ accounts: [{ cache: { hits: 0, misses: 0 } }] });
    await stage.app.inject('/v1/order-books/005930');
    expect((await stage.app.inject('/metrics')).payload).toMatch(/^kis_cache_misses_total\{account="main"\} 1$/m);
  });

  test('begins with how things stand, and tells every second how they go on', async () => {
    const stage = await startGateway();
    const isServed = ({ data }: Event) => JSON.stringify(data).includes('"VALID"');
    const statesOf = (all: readonly Event[]) => all.filter(({ type }) => type === 'state');
    const events = await listen(stage, (all) => statesOf(all).length >= 3 && statesOf(all).slice(-1).some(isServed));
    expect(events[0]).toMatchObject({
      type: 'hello',
      data: { source: 'kis', storage: 'file', accounts: [{ name: 'main', environment: 'real' }], problems: [] },
    });
    expect(statesOf(events).at(-1)?.data).toMatchObject({
      streams: 1,
      accounts: [
        {
          name: 'main',
          token: { state: 'VALID', valid: true, attempts: [{ outcome: 'issued' }] },
          limiter: { limit: 18 },
          breaker: { state: 'CLOSED' },
          cache: { hits: expect.any(Number), misses: expect.any(Number) },
          second: { granted: expect.any(Number) },
        },
      ],
    });
  });

  test('tells the first who comes that all is well, where it is', async () => {
    const stage = await startGateway();
    await stage.app.inject('/v1/quotes/005930');
    const [, first] = await listen(stage, (all) => all.length > 1);
    expect(first).toMatchObject({
      type: 'state',
      data: { ready: true, missing: [], accounts: [{ token: { state: 'VALID', valid: true } }] },
    });
  });

  test('reads the quote board by one call for all, while somebody looks', async () => {
    const stage = await startGateway();
    const [quotes] = (await listen(stage, (all) => all.some(({ type }) => type === 'quotes'))).slice(-1);
    expect(quotes?.data.quotes).toHaveLength(12);
    expect(quotes?.data.quotes).toContainEqual(
      expect.objectContaining({ stockCode: '005930', stockName: '삼성전자', currentPrice: expect.any(Number) }),
    );
    expect(stage.fake.log().entries.filter(({ trId }) => trId === 'FHKST11300006')).toHaveLength(1);
  });

  test('tells of what goes wrong, several times as one', async () => {
    const stage = await startGateway();
    stage.fake.control({ failNext: { count: 2, trId: 'FHKST01010100', kisCode: 'EGW00206' } });
    for (const code of ['005930', '000660']) await stage.app.inject(`/v1/quotes/${code}`);
    const [hello] = await listen(stage, (all) => all.length > 0);
    expect(hello?.data.problems).toContainEqual(
      expect.objectContaining({ where: '/v1/quotes/:code', code: 'ERR_KIS_API', kisCode: 'EGW00206', count: 2 }),
    );
  });

  test('is for whoever listens: who asks for its head alone is told that there is none, and is no viewer', async () => {
    const { app } = await startGateway();
    expect((await app.inject({ method: 'HEAD', url: '/events' })).statusCode).toBe(404);
    expect((await app.inject('/metrics')).payload).toMatch(/^gateway_event_streams 0$/m);
  });

  test('forgets who has gone, be it who asked several times at once, so that nobody asks KIS for nobody', async () => {
    const { gateway, app } = await startGateway();
    const listening = async () => {
      const { payload } = await app.inject('/metrics');
      return Number(/^gateway_event_streams (\d+)/m.exec(payload)?.[1]);
    };
    const socket = connect(Number(new URL(await gateway.listen()).port), '127.0.0.1');
    socket.write('GET /events HTTP/1.1\r\nhost: localhost\r\n\r\n'.repeat(20));
    await vi.waitFor(async () => expect(await listening()).toBe(20), PATIENCE);
    socket.destroy();
    await vi.waitFor(async () => expect(await listening()).toBe(0), PATIENCE);
  });
});
