import type { CurrentPrice } from '@kis/client';
import { describe, expect, test } from 'vitest';
import { createBoard } from '../src/live/board.ts';

const CODES = ['005930', '000660', '373220', '207940', '005380', '000270'];

function stage(environment: 'real' | 'virtual') {
  const asked: (readonly string[])[] = [];
  let monotonicMs = 0;
  const getCurrentPrices = async (codes: Iterable<string> | AsyncIterable<string>) => {
    const list = [...(codes as Iterable<string>)];
    asked.push(list);
    const success = new Map(list.map((stockCode) => [stockCode, { stockCode, raw: {} } as CurrentPrice]));
    return { success, failed: new Map(), durationMs: 0 } as never;
  };
  const board = createBoard({
    account: { client: { environment, getCurrentPrices } },
    codes: CODES,
    closing: new AbortController().signal,
    onQuotes: () => {},
    onError: (error) => {
      throw error;
    },
    monotonicMs: () => monotonicMs,
  });
  return {
    asked,
    board,
    async tickAt(ms: number) {
      monotonicMs = ms;
      board.tick();
      await new Promise(setImmediate);
    },
    shown: () => board.last?.quotes.map(({ stockCode }) => stockCode),
  };
}

describe('the quote board', () => {
  test('is read by one call every two seconds', async () => {
    const { asked, tickAt, shown } = stage('real');
    for (const ms of [0, 1_000, 2_000]) await tickAt(ms);
    expect(asked).toEqual([CODES, CODES]);
    expect(shown()).toEqual(CODES);
  });

  test('is read four by four on the virtual host, until all are there, and then from the beginning', async () => {
    const { asked, tickAt, shown } = stage('virtual');
    await tickAt(0);
    expect(shown()).toEqual(CODES.slice(0, 4));
    for (const ms of [14_000, 15_000, 30_000]) await tickAt(ms);
    expect(asked).toEqual([CODES.slice(0, 4), CODES.slice(4), CODES.slice(0, 4)]);
    expect(shown()).toEqual(CODES);
  });
});
