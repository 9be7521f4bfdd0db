import { describe, expect, test } from 'vitest';
import { block, type Row, rows } from './calls.ts';
import { CODES, type QuoteDesk, quoteDeskAt } from './quote-desk.ts';

interface Shown {
  /** `output1` and `output2` of the order book. */
  readonly book: Row;
  readonly expected: Row;
  readonly price: Row;
  /** Of the newest trade and of the newest minute. */
  readonly trade: Row | undefined;
  readonly minute: Row | undefined;
}

async function shownOf(desk: QuoteDesk, code: string): Promise<Shown> {
  const answer = await desk.ask('book', { FID_INPUT_ISCD: code });
  return {
    book: block(answer, 'output1'),
    expected: block(answer, 'output2'),
    price: await desk.about('price', code),
    trade: rows(await desk.ask('trades', { FID_INPUT_ISCD: code }), 'output')[0],
    minute: rows(await desk.ask('minutes', { FID_INPUT_ISCD: code }))[0],
  };
}

const MINUTE_MS = 60_000;

describe.each(CODES)('the auctions of %s', (code) => {
  test('are the one that opened the session, the one that is to close it, and the one that closed it', async () => {
    const desk = await quoteDeskAt('2026-11-20T08:30:00');
    const codes = ({ book, expected }: Shown): readonly unknown[] => [
      book.new_mkop_cls_code,
      expected.antc_mkop_cls_code,
    ];

    const before = await shownOf(desk, code);
    expect(codes(before)).toEqual(['10', '112']);
    expect([before.expected.antc_cnpr, before.expected.antc_vol]).toEqual([before.price.stck_sdpr, '0']);

    await desk.clock.advance(30 * MINUTE_MS);
    const opening = await shownOf(desk, code);
    await desk.clock.advance(380 * MINUTE_MS - 5_000);
    const trading = await shownOf(desk, code);
    for (const shown of [opening, trading]) {
      expect(codes(shown)).toEqual(['20', '112']);
      expect(shown.expected.antc_cnpr).toBe(shown.price.stck_oprc);
      expect(shown.expected.antc_vol).toBe(opening.trade?.cntg_vol);
    }

    await desk.clock.advance(5_000);
    const closing = await shownOf(desk, code);
    await desk.clock.advance(10 * MINUTE_MS - 5_000);
    const nearlyClosed = await shownOf(desk, code);
    await desk.clock.advance(5_000);
    const closed = await shownOf(desk, code);
    for (const shown of [closing, nearlyClosed]) {
      expect(codes(shown)).toEqual(['00', '121']);
      expect(shown.expected.antc_cnpr).toBe(shown.price.stck_prpr);
      expect(shown.expected.antc_vol).toBe(closed.trade?.cntg_vol);
    }
    expect(codes(closed)).toEqual(['31', '112']);
    expect(closed.expected.antc_cnpr).toBe(closed.price.stck_prpr);
    expect([closed.minute?.stck_cntg_hour, closed.minute?.cntg_vol]).toEqual(['153000', closed.expected.antc_vol]);
    expect([closed.trade?.stck_cntg_hour, closed.trade?.cntg_vol]).toEqual(['153000', closed.expected.antc_vol]);

    await desk.clock.advance(16 * 60 * MINUTE_MS);
    const saturday = await shownOf(desk, code);
    expect(saturday.expected).toEqual(closed.expected);
  });
});
