import type { Candle } from './candle.ts';

export type MinutePeriod = '1m' | '5m' | '30m';

/** How many minutes are in one candle. */
export const minutesPer: Readonly<Record<MinutePeriod, number>> = { '1m': 1, '5m': 5, '30m': 30 };

export const minuteMs = 60_000;

/** One minute of a stock, or the closing auction. */
export interface Minute
  extends Pick<Candle, 'date' | 'startMs' | 'openPrice' | 'highPrice' | 'lowPrice' | 'closePrice'> {
  /** Shares. KIS: `cntg_vol`. */
  readonly volume: number;
  /** Won, since the day began. KIS: `acml_tr_pbmn`. */
  readonly totalValue: number;
}

/** Minutes that make one candle, newest first. */
export type Bar = [Minute, ...Minute[]];

/**
 * Puts minutes, newest first, behind those that are in the bars. A bar begins at a whole number of its own length since
 * midnight in Korea, so that the auction at 15:30 is one of its own.
 */
export function addMinutes(bars: Bar[], minutes: readonly Minute[], perBar: number): void {
  for (const minute of minutes) {
    const bar = bars.at(-1);
    if (bar !== undefined && barStartMs(bar[0], perBar) === barStartMs(minute, perBar)) bar.push(minute);
    else bars.push([minute]);
  }
}

/** `before`: the minute before the oldest one of the bar; undefined where there is none. */
export function toCandle(stockCode: string, bar: Readonly<Bar>, before: Minute | undefined, perBar: number): Candle {
  const [newest] = bar;
  const oldest = bar.at(-1) ?? newest;
  const values = bar.map((minute, index) => tradedValue(minute, bar[index + 1] ?? before));
  return {
    stockCode,
    date: newest.date,
    startMs: barStartMs(newest, perBar),
    openPrice: oldest.openPrice,
    highPrice: Math.max(...bar.map(({ highPrice }) => highPrice)),
    lowPrice: Math.min(...bar.map(({ lowPrice }) => lowPrice)),
    closePrice: newest.closePrice,
    // Until the first trade of a minute KIS shows the volume of the one before.
    volume: sum(bar.map(({ volume }, index) => (values[index] === 0 ? 0 : volume))),
    tradingValue: sum(values),
  };
}

function barStartMs({ startMs }: Minute, perBar: number): number {
  // Korea is a whole number of hours from UTC.
  return startMs - (startMs % (perBar * minuteMs));
}

function tradedValue(minute: Minute, before: Minute | undefined): number {
  return minute.totalValue - (before?.date === minute.date ? before.totalValue : 0);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
