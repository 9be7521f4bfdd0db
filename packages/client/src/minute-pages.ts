import type { KisEndpoint } from './endpoint.ts';
import { koreanDate, koreanInstantMs, koreanTime } from './korean-time.ts';
import { type MinutePage, readNewestPage, readPastPage, readSessionPage } from './minute-page.ts';
import { minuteMs } from './minutes.ts';
import type { QuoteSource } from './quote-source.ts';
import type { CallOptions } from './request.ts';
import { assertPrice } from './unknown-stock.ts';

type Pages = AsyncGenerator<MinutePage, void, undefined>;

const lastSession: KisEndpoint = {
  method: 'GET',
  path: '/uapi/domestic-stock/v1/quotations/inquire-time-itemchartprice',
  trId: 'FHKST03010200',
};

const pastDays: KisEndpoint = {
  method: 'GET',
  path: '/uapi/domestic-stock/v1/quotations/inquire-time-dailychartprice',
  trId: { real: 'FHKST03010230' },
};

/** No minute follows: the closing auction is at 15:30, on the day of the college exam at 16:30. */
const closeTime = '163000';

/**
 * The minutes of a stock, page by page, newest first and each once: of today and the days before. The virtual host has no days
 * before, and only on a day without a session that of the last one.
 */
export async function* readMinutePages(source: QuoteSource, stockCode: string, options: CallOptions): Pages {
  const { environment, request } = source;
  const stock = { FID_COND_MRKT_DIV_CODE: 'J', FID_INPUT_ISCD: stockCode, FID_PW_DATA_INCU_YN: 'Y' };
  const askSession = (endMs: number) =>
    request(lastSession, { ...stock, FID_INPUT_HOUR_1: koreanTime(endMs), FID_ETC_CLS_CODE: '' }, options);
  const readSession = async (endMs: number) => readSessionPage(await askSession(endMs), endMs, koreanDate(endMs));
  const readPast = async (endMs: number) => {
    const end = { FID_INPUT_DATE_1: koreanDate(endMs), FID_INPUT_HOUR_1: koreanTime(endMs) };
    return readPastPage(await request(pastDays, { ...stock, ...end, FID_FAKE_TICK_INCU_YN: '' }, options), endMs);
  };

  let askedMs = source.nowMs();
  const sinceMs = source.monotonicMs();
  let reply = await askSession(askedMs);
  // Until this very reply the clock may have been wrong, and minutes to come are answered with made-up ones.
  const wrongMs = reply.dateMs - askedMs - (source.monotonicMs() - sinceMs);
  if (Math.abs(wrongMs) >= minuteMs) {
    askedMs = reply.dateMs;
    reply = await askSession(askedMs);
  }
  const nowMs = reply.dateMs;
  const newest = readNewestPage(reply, nowMs);
  const [latest] = newest.minutes;
  if (latest === undefined) assertPrice(stockCode, reply);
  const today = koreanDate(nowMs);
  const isToday = latest?.date === today;
  const closeMs = latest && !isToday ? koreanInstantMs(latest.date, closeTime) : undefined;

  if (environment === 'virtual') {
    // On a day without a session KIS gives that of the last one, cut at the hour that was asked for.
    const isCut = closeMs !== undefined && koreanTime(askedMs) < closeTime;
    yield* walkBack(isCut ? await readSession(closeMs) : newest, readSession);
    return;
  }
  if (isToday) yield newest;
  const endMs = (isToday ? minuteBefore(newest) : closeMs) ?? nowMs;
  const past = await readPast(endMs);
  // The call for past days gives four times as many, of today, too; but KIS does not promise that. Without today its page is
  // what follows those of today.
  const hasToday = past.minutes[0]?.date === today;
  if (isToday && !newest.isLast && !hasToday) yield* walkBack(await readSession(endMs), readSession);
  yield* walkBack(past, readPast);
}

/** From a page on to those before it; one with nothing in it is the end. */
async function* walkBack(first: MinutePage, read: (endMs: number) => Promise<MinutePage>): Pages {
  let page = first;
  for (let endMs = minuteBefore(page); endMs !== undefined; endMs = minuteBefore(page)) {
    yield page;
    if (page.isLast) return;
    page = await read(endMs);
  }
}

function minuteBefore({ minutes }: MinutePage): number | undefined {
  const oldest = minutes.at(-1);
  return oldest && oldest.startMs - minuteMs;
}
