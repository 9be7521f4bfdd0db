import { readRows } from './blocks.ts';
import { type Candle, readPrices } from './candle.ts';
import type { KisEndpoint } from './endpoint.ts';
import { dayBefore, koreanDate, koreanDayMs } from './korean-time.ts';
import type { CallOptions, Request } from './request.ts';
import type { KisReply } from './transport.ts';
import { assertPrice } from './unknown-stock.ts';

export type DailyPeriod = 'day' | 'week' | 'month';

interface Page extends CallOptions {
  readonly period: DailyPeriod;
  readonly adjusted: boolean;
  /** `YYYYMMDD`: up to it. */
  readonly lastDate: string;
}

const endpoint: KisEndpoint = {
  method: 'GET',
  path: '/uapi/domestic-stock/v1/quotations/inquire-daily-itemchartprice',
  trId: 'FHKST03010100',
};

const periodCodes = { day: 'D', week: 'W', month: 'M' } as const;

/** Before the first day of the Korean market. */
const firstDate = '19500101';

/** The newest 100 candles; `output1` has the stock's name. */
export function requestDailyChart(request: Request, stockCode: string, page: Page): Promise<KisReply> {
  const params = {
    FID_COND_MRKT_DIV_CODE: 'J',
    FID_INPUT_ISCD: stockCode,
    FID_INPUT_DATE_1: firstDate,
    FID_INPUT_DATE_2: page.lastDate,
    FID_PERIOD_DIV_CODE: periodCodes[page.period],
    FID_ORG_ADJ_PRC: page.adjusted ? '0' : '1',
  };
  return request(endpoint, params, { signal: page.signal });
}

export async function getDailyChart(
  request: Request,
  stockCode: string,
  { count, ...first }: Page & { readonly count: number },
): Promise<Candle[]> {
  const candles: Candle[] = [];
  let { lastDate } = first;
  while (candles.length < count) {
    const reply = await requestDailyChart(request, stockCode, { ...first, lastDate });
    const today = koreanDate(reply.dateMs);
    // Until the first reply the clock may have been behind.
    if (candles.length === 0 && today > lastDate) {
      lastDate = today;
      continue;
    }
    const page = readCandles(reply, stockCode, lastDate);
    const oldest = page.at(-1);
    if (oldest === undefined) {
      if (candles.length === 0) assertPrice(stockCode, reply);
      break;
    }
    candles.push(...page);
    lastDate = dayBefore(oldest.date, first.period);
  }
  return candles.slice(0, count);
}

/** Newest first, and none after `lastDate`, so that each page begins before the last one ended. */
function readCandles(reply: KisReply, stockCode: string, lastDate: string): Candle[] {
  return readRows(reply, 'output2', 'stck_bsop_date')
    .map((fields) => {
      const date = fields.text('stck_bsop_date');
      const startMs = koreanDayMs(date);
      if (startMs === undefined) throw fields.fault('stck_bsop_date', 'a date');
      return {
        stockCode,
        date,
        startMs,
        ...readPrices(fields),
        closePrice: fields.number('stck_clpr'),
        volume: fields.number('acml_vol'),
        tradingValue: fields.number('acml_tr_pbmn'),
      };
    })
    .filter(({ date }) => date <= lastDate)
    .sort((a, b) => b.startMs - a.startMs);
}
