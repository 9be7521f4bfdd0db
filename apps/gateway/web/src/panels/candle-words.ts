import type { Candle } from '../chart/candle.ts';
import type { Period } from '../chart/follow-quote.ts';
import { make } from '../dom.ts';
import type { Formats } from '../formats.ts';
import type { View } from '../view.ts';

type Speech = Pick<View, 'words' | 'formats'>;

function whenOf({ startMs, date }: Candle, period: Period, formats: Formats): string {
  return period === '5m' ? formats.dateTime(startMs) : formats.date(date);
}

/** A candle in one line. */
export function describeCandle(candle: Candle, period: Period, { words, formats }: Speech): HTMLElement[] {
  const figures = [
    [words.open, formats.integer(candle.openPrice)],
    [words.high, formats.integer(candle.highPrice)],
    [words.low, formats.integer(candle.lowPrice)],
    [words.close, formats.integer(candle.closePrice)],
    [words.volume, formats.compact(candle.volume)],
  ] as const;
  return [
    make('span', { class: 'when' }, whenOf(candle, period, formats)),
    ...figures.map(([term, value]) => make('span', {}, make('i', {}, term), ' ', make('b', {}, value))),
  ];
}

export function tabulateCandles(candles: readonly Candle[], period: Period, { words, formats }: Speech): HTMLElement {
  const heads = [words.day, words.openPrice, words.highPrice, words.lowPrice, words.closePrice, words.volume];
  const rows = candles.map((candle) => {
    const { openPrice, highPrice, lowPrice, closePrice, volume } = candle;
    const cells = [openPrice, highPrice, lowPrice, closePrice, volume].map((value) =>
      make('td', {}, formats.integer(value)),
    );
    return make('tr', {}, make('th', { scope: 'row' }, whenOf(candle, period, formats)), ...cells);
  });
  return make(
    'table',
    { class: 'candles' },
    make('thead', {}, make('tr', {}, ...heads.map((head) => make('th', { scope: 'col' }, head)))),
    make('tbody', {}, ...rows),
  );
}
