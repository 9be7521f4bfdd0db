import type { Candle } from './candle.ts';
import { UnsupportedError } from './errors.ts';
import { readMinutePages } from './minute-pages.ts';
import { addMinutes, type Bar, beginsWhole, type MinutePeriod, minutesPer, takeUnknown, toCandle } from './minutes.ts';
import type { QuoteSource } from './quote-source.ts';
import type { CallOptions } from './request.ts';

/** Of a session: 380 minutes of trading, and the closing auction. */
const mostPerSession: Readonly<Record<MinutePeriod, number>> = { '1m': 381, '5m': 77, '30m': 14 };

export async function getMinuteChart(
  source: QuoteSource,
  stockCode: string,
  options: CallOptions & { readonly period: MinutePeriod; readonly count: number },
): Promise<Candle[]> {
  const { period, count, signal } = options;
  if (source.environment === 'virtual' && count > mostPerSession[period]) {
    const advice = `one session has ${mostPerSession[period]} at most`;
    throw new UnsupportedError("KIS's virtual host", `'${period}' candles of past days`, advice);
  }
  const perBar = minutesPer[period];
  const bars: Bar[] = [];
  let isStart = false;
  for await (const { minutes, isDayStart } of readMinutePages(source, stockCode, { signal })) {
    addMinutes(bars, minutes, perBar);
    isStart = isDayStart;
    // The one beyond shows that the oldest one wanted is whole, and what had been traded before it.
    if (bars.length > count || (bars.length === count && isStart && beginsWhole(bars, perBar))) break;
  }
  // KIS's archive may begin in the middle of a session.
  const unknown = source.environment === 'real' && !isStart ? takeUnknown(bars) : undefined;
  return bars.slice(0, count).map((bar, index) => toCandle(stockCode, bar, bars[index + 1]?.[0] ?? unknown, perBar));
}
