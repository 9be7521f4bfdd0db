import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { startTimeline } from './timeline.ts';

test("the README's examples of batches run", async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const [, section = ''] = /^## Batches\n(.*?)^## /ms.exec(readme) ?? [];
  const examples = [...section.matchAll(/```ts\n(.*?)```/gs)].map(([, example]) => example);
  expect(examples).toHaveLength(2);

  const { client, fake, play } = startTimeline();
  const lines: string[] = [];
  const log = (...parts: readonly unknown[]) => lines.push(parts.join(' '));
  const given = {
    client,
    codes: ['005930', 'ZZZZZZ'],
    console: { log, error: log },
    save: async (code: string, candles: readonly unknown[]) => log(code, candles.length),
  };
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
  for (const example of examples) {
    await play(AsyncFunction(...Object.keys(given), example ?? '')(...Object.values(given)));
  }
  expect(lines).toEqual([
    '1/2 005930',
    '2/2 ZZZZZZ',
    expect.stringMatching(/^005930 삼성전자 \d+$/),
    'ZZZZZZ KisApiError: KIS knows no stock ZZZZZZ',
    expect.stringMatching(/^\d+ stocks a second by 1 calls$/),
    '005930 100',
    'ZZZZZZ KisApiError: KIS knows no stock ZZZZZZ',
  ]);
  expect(fake.log().calls).toBe(3);
});
