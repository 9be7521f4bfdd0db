import type { Candle } from '@kis/client';
import type { Session } from './day-table.ts';
import { dateOf, startOfDayMs } from './korean-day.ts';

export interface DatedSession extends Session {
  readonly day: number;
}

/** Sessions of one day, week or month, newest first. */
export type Sessions = [DatedSession, ...DatedSession[]];

/**
 * One candle of them, which bears the date of the first. A session without a trade gives nothing but its date; where there is none with
 * one, all four prices are the close.
 */
export function foldSessions(stockCode: string, sessions: Sessions): Candle {
  const [newest] = sessions;
  const { day } = sessions.at(-1) ?? newest;
  const flat = { openPrice: newest.closePrice, highPrice: newest.closePrice, lowPrice: newest.closePrice };
  const traded = sessions.filter(({ openPrice }) => openPrice > 0);
  const first = traded.at(-1);
  return {
    stockCode,
    date: dateOf(day),
    startMs: startOfDayMs(day),
    ...(first === undefined
      ? flat
      : {
          openPrice: first.openPrice,
          highPrice: Math.max(...traded.map(({ highPrice }) => highPrice)),
          lowPrice: Math.min(...traded.map(({ lowPrice }) => lowPrice)),
        }),
    closePrice: newest.closePrice,
    volume: sum(sessions.map(({ volume }) => volume)),
    tradingValue: sum(sessions.map(({ tradingValue }) => tradingValue)),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
