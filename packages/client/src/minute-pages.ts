import { readRows } from './blocks.ts';
import { readPrices } from './candle.ts';
import type { KisEndpoint } from './endpoint.ts';
import { koreanDate, koreanInstantMs, koreanTime } from './korean-time.ts';
import { type Minute, minuteMs } from './minutes.ts';
import type { QuoteSource } from './quote-source.ts';
import type { CallOptions } from './request.ts';
import type { KisReply } from './transport.ts';
import { assertPrice } from './unknown-stock.ts';

type Pages = AsyncGenerator<readonly Minute[], void, undefined>;

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

/** The closing auction; no minute follows. */
const closeTime = '153000';

/**
 * The minutes of a stock, page by page, newest first and each once: of today and the days before. The virtual host has no days
 * before, and only on a day without a session that of the last one.
 */
export async function* readMinutePages(source: QuoteSource, stockCode: string, options: CallOptions): Pages {
  const { environment, request } = source;
  const stock = { FID_COND_MRKT_DIV_CODE: 'J', FID_INPUT_ISCD: stockCode, FID_PW_DATA_INCU_YN: 'Y' };
  const askSession = (endMs: number) =>
    request(lastSession, { ...stock, FID_INPUT_HOUR_1: koreanTime(endMs), FID_ETC_CLS_CODE: '' }, options);
  const askPast = (endMs: number) => {
    const end = { FID_INPUT_DATE_1: koreanDate(endMs), FID_INPUT_HOUR_1: koreanTime(endMs) };
    return request(pastDays, { ...stock, ...end, FID_FAKE_TICK_INCU_YN: '' }, options);
  };

  const askedMs = source.nowMs();
  let reply = await askSession(askedMs);
  // Until this very reply the clock may have been wrong, and minutes to come are answered with made-up ones.
  if (Math.abs(reply.dateMs - askedMs) >= minuteMs) reply = await askSession(reply.dateMs);
  const nowMs = reply.dateMs;
  const newest = readMinutes(reply, nowMs);
  if (newest.length === 0) assertPrice(stockCode, reply);

  const readSession = async (endMs: number) => readMinutes(await askSession(endMs), Math.min(endMs, nowMs));
  const readPast = async (endMs: number) => readMinutes(await askPast(endMs), endMs);

  // On a day without a session KIS tells by its rows which the last one was, and cuts them at the hour that was asked for.
  const today = koreanDate(nowMs);
  const isToday = newest[0]?.date === today;
  const closeMs = koreanInstantMs(newest[0]?.date ?? today, closeTime) ?? nowMs;
  let endMs = Math.min(closeMs, nowMs);
  if (isToday) {
    for await (const page of walkBack(newest, readSession)) {
      yield page;
      endMs = minuteBefore(page) ?? endMs;
    }
  }
  if (environment === 'real') yield* walkBack(await readPast(endMs), readPast);
  else if (!isToday) yield* walkBack(await readSession(closeMs), readSession);
}

/** From a page on to those before it; one with nothing in it is the end. */
async function* walkBack(first: readonly Minute[], read: (endMs: number) => Promise<readonly Minute[]>): Pages {
  let page = first;
  for (let endMs = minuteBefore(page); endMs !== undefined; endMs = minuteBefore(page)) {
    yield page;
    page = await read(endMs);
  }
}

function minuteBefore(page: readonly Minute[]): number | undefined {
  const oldest = page.at(-1);
  return oldest && oldest.startMs - minuteMs;
}

/** Newest first, each once, and none after `endMs`, so that each page begins before the last one ended. */
function readMinutes(reply: KisReply, endMs: number): readonly Minute[] {
  return readRows(reply, 'output2', 'stck_bsop_date')
    .map((fields) => {
      const date = fields.text('stck_bsop_date');
      const startMs = koreanInstantMs(date, fields.text('stck_cntg_hour'));
      if (startMs === undefined) throw fields.fault('stck_cntg_hour', `a time of ${date}`);
      return {
        date,
        startMs,
        ...readPrices(fields),
        closePrice: fields.number('stck_prpr'),
        volume: fields.number('cntg_vol'),
        totalValue: fields.number('acml_tr_pbmn'),
      };
    })
    .filter(({ startMs }) => startMs <= endMs)
    .sort((a, b) => b.startMs - a.startMs)
    .filter(({ startMs }, index, all) => startMs !== all[index - 1]?.startMs);
}
