import { describe, expect, test } from 'vitest';
import { type Answer, createHeldClock, ok, order, read, refusal, startClient } from './harness.ts';
import { price, startTimeline } from './timeline.ts';

describe('C1: an answer', () => {
  test('whose body never ends is left after timeoutMs, and the read not sent again', async () => {
    const { fake, client, clock, play } = startTimeline({}, { timeoutMs: 10_000 });
    await play(client.tokens.getToken());
    fake.control({ failNext: { count: 1, path: 'inquire-price', cut: 'never-ends' } });
    const fromMs = clock.monotonicMs();
    await expect(play(price(client))).rejects.toMatchObject({
      code: 'ERR_KIS_NETWORK',
      mayHaveArrived: true,
      cause: { name: 'TimeoutError' },
    });
    expect(clock.monotonicMs() - fromMs).toBe(10_000);
    expect(fake.log().calls).toBe(1);
  });

  test('that does not come is left after timeoutMs', async () => {
    const clock = createHeldClock();
    const { client } = await startClient(
      () => {
        clock.deadlines[0]?.();
        return 'silence';
      },
      { clock },
    );
    await expect(client.request(read)).rejects.toMatchObject({ code: 'ERR_KIS_NETWORK', mayHaveArrived: true });
  });

  test.each<[string, Answer, object]>([
    [
      'of more than 8 MiB',
      ok({ output: 'x'.repeat(9 * 1024 * 1024) }),
      { code: 'ERR_KIS_RESPONSE', where: 'the body' },
    ],
    ['with HTTP 200 that is an error', refusal('EGW00304', 200), { code: 'ERR_KIS_API', kisCode: 'EGW00304' }],
    [
      'that is the page of a maintenance',
      { status: 503, body: '<html>점검 중입니다</html>', headers: { 'content-type': 'text/html' } },
      { code: 'ERR_KIS_RESPONSE', status: 503 },
    ],
    ['that is a page with HTTP 200', { body: '<html></html>' }, { code: 'ERR_KIS_RESPONSE', status: 200 }],
  ])('%s is a typed error, for a read and for an order', async (_, answer, error) => {
    for (const endpoint of [read, order]) {
      const { client } = await startClient(() => answer, { retry: false });
      await expect(client.request(endpoint)).rejects.toMatchObject(error);
    }
  });

  test("that says that it is text, and is KIS's JSON, is read", async () => {
    const headers = { 'content-type': 'text/plain' };
    const { client } = await startClient(() => ({ ...ok({ output: 'here' }), headers }));
    expect((await client.request(read)).body.output).toBe('here');
  });
});
