import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createKrxSource, type KrxEvent } from '../src/index.ts';
import { type Answer, apiKey, caught, realRow, startSource } from './harness.ts';

function expectNoKey(...shown: unknown[]): void {
  for (const value of shown) {
    const forms = [inspect(value, { depth: 9, showHidden: true }), JSON.stringify(value) ?? '', String(value)].join(
      '\n',
    );
    for (const key of [apiKey, encodeURIComponent(apiKey), Buffer.from(apiKey).toString('base64').replace(/=+$/, '')]) {
      expect(forms).not.toContain(key);
    }
  }
}

describe('the key', () => {
  test('does not show in the source', async () => {
    const { source, calls } = await startSource(() => [realRow], '2024-01-06T10:00:00');
    await source.getCurrentPrice('095570');
    expectNoKey(source);
    expect(calls.map(({ authKey }) => authKey === apiKey)).toEqual([true]);
  });

  test.each<[string, Answer]>([
    ['a refusal', 401],
    ['a page', '<html>'],
    ['a failure of the server', 503],
    ['a connection that closes', 'cut'],
  ])('does not show in the error or the events of %s', async (_, answer) => {
    const events: KrxEvent[] = [];
    const { source } = await startSource(() => answer, '2024-01-06T10:00:00', {
      onEvent: (event) => events.push(event),
    });
    const error = await caught(source.getCurrentPrice('095570'));
    expect(error).toMatchObject({ code: 'ERR_KRX' });
    expectNoKey(error, events);
  });

  test.each([`${apiKey}\n`, ` ${apiKey}`, `${apiKey}é`])('does not show where it is refused (%#)', (key) => {
    expect(() => createKrxSource({ apiKey: key })).toThrow(
      /^krx: `apiKey` must not be blank or contain blanks, newlines or non-ASCII characters$/,
    );
  });
});
