import { KisResponseError } from '../errors.ts';
import { koreanDate, koreanTime } from '../korean-time.ts';
import type { QuoteSource } from '../quote-source.ts';
import type { CallOptions } from '../request.ts';
import type { GetHolidays, MarketDay } from './holidays.ts';

const openTime = '090000';
const closeTime = '153000';

/** Whether the exchange trades at this moment, by the days that KIS tells and the clock that it corrects. */
export async function isMarketOpen(
  { nowMs }: QuoteSource,
  getHolidays: GetHolidays,
  { signal }: CallOptions = {},
): Promise<boolean> {
  let asked = koreanDate(nowMs());
  let days = await getHolidays({ from: asked, signal });
  // Until that reply the clock may have been wrong.
  if (koreanDate(nowMs()) !== asked) {
    asked = koreanDate(nowMs());
    days = await getHolidays({ from: asked, signal });
  }
  const time = koreanTime(nowMs());
  return findDay(days, asked).isOpen && time >= openTime && time < closeTime;
}

/** Whether the exchange is open on a `YYYYMMDD`. */
export async function isMarketDay(getHolidays: GetHolidays, date: string, signal: AbortSignal): Promise<boolean> {
  return findDay(await getHolidays({ from: date, signal }), date).isOpen;
}

function findDay(days: readonly MarketDay[], wanted: string): MarketDay {
  const day = days.find(({ date }) => date === wanted);
  if (day === undefined) throw new KisResponseError({ expected: `the day ${wanted}`, where: 'output', status: 200 });
  return day;
}
