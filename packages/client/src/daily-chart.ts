import { readRows } from './blocks.ts';
import { type Candle, readPrices } from './candle.ts';
import { readNewestRows } from './date-pages.ts';
import { readDay } from './dates.ts';
import type { KisEndpoint } from './endpoint.ts';
import type { Fields } from './fields.ts';
import type { CallOptions, Request } from './request.ts';
import type { KisReply } from './transport.ts';
import { assertPrice } from './unknown-stock.ts';

export type DailyPeriod = 'day' | 'week' | 'month';
export const dailyPeriods: readonly DailyPeriod[] = ['day', 'week', 'month'];

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

/** KIS: `FID_PERIOD_DIV_CODE`. */
export const periodCodes: Readonly<Record<DailyPeriod, string>> = { day: 'D', week: 'W', month: 'M' };

/** Before the first day of the Korean market. */
export const firstDate: string = '19500101';

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

export function getDailyChart(
  request: Request,
  stockCode: string,
  { count, ...first }: Page & { readonly count: number },
): Promise<Candle[]> {
  return readNewestRows({
    ...first,
    count,
    ask: (lastDate) => requestDailyChart(request, stockCode, { ...first, lastDate }),
    read: (reply) => readRows(reply, 'output2', 'stck_bsop_date').map((fields) => readCandle(fields, stockCode)),
    assertKnown: (reply) => assertPrice(stockCode, reply),
  });
}

function readCandle(fields: Fields, stockCode: string): Candle {
  return {
    stockCode,
    ...readDay(fields, 'stck_bsop_date'),
    ...readPrices(fields),
    closePrice: fields.number('stck_clpr'),
    volume: fields.number('acml_vol'),
    tradingValue: fields.number('acml_tr_pbmn'),
  };
}
