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

/** Until the first trade of the minute that runs KIS shows the volume of the one before. */
export function settle([newest, ...older]: readonly Minute[]): Minute[] {
  if (newest === undefined) return [];
  return [tradedValue(newest, older[0]) === 0 ? { ...newest, volume: 0 } : newest, ...older];
}

/** Whether the oldest bar has the first minute that it can have. */
export function beginsWhole(bars: readonly Bar[], perBar: number): boolean {
  const oldest = bars.at(-1)?.at(-1);
  return oldest !== undefined && oldest.startMs === barStartMs(oldest, perBar);
}

/**
 * Takes the oldest minute away if by its end more had been traded than can have been in it: without the one before, its own
 * part is unknown.
 */
export function takeUnknown(bars: Bar[]): Minute | undefined {
  const bar = bars.at(-1);
  const oldest = bar?.at(-1);
  if (oldest === undefined || oldest.totalValue <= oldest.volume * oldest.highPrice) return undefined;
  if (bar?.length === 1) bars.pop();
  else bar?.pop();
  return oldest;
}

/** `before`: the minute before the oldest one of the bar; undefined where there is none. */
export function toCandle(stockCode: string, bar: Readonly<Bar>, before: Minute | undefined, perBar: number): Candle {
  const [newest] = bar;
  const oldest = bar.at(-1) ?? newest;
  return {
    stockCode,
    date: newest.date,
    startMs: barStartMs(newest, perBar),
    openPrice: oldest.openPrice,
    highPrice: Math.max(...bar.map(({ highPrice }) => highPrice)),
    lowPrice: Math.min(...bar.map(({ lowPrice }) => lowPrice)),
    closePrice: newest.closePrice,
    volume: sum(bar.map(({ volume }) => volume)),
    tradingValue: sum(bar.map((minute, index) => tradedValue(minute, bar[index + 1] ?? before))),
  };
}

function barStartMs({ startMs }: Minute, perBar: number): number {
  // Korea is a whole number of hours from UTC.
  return startMs - (startMs % (perBar * minuteMs));
}

/** A total that falls, as where KIS takes a trade back, adds nothing. */
function tradedValue(minute: Minute, before: Minute | undefined): number {
  return Math.max(0, minute.totalValue - (before?.date === minute.date ? before.totalValue : 0));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
