import { readBlock, readRows } from '../blocks.ts';
import { checkCount, checkOneOf } from '../check.ts';
import { type DailyPeriod, dailyPeriods, firstDate, periodCodes } from '../daily-chart.ts';
import { readNewestRows } from '../date-pages.ts';
import { readDay } from '../dates.ts';
import type { KisEndpoint } from '../endpoint.ts';
import type { Fields } from '../fields.ts';
import { koreanDate } from '../korean-time.ts';
import type { QuoteSource } from '../quote-source.ts';
import type { CallOptions } from '../request.ts';
import { createUnknownError, isNothing } from '../unknown-stock.ts';
import { checkIndexCode } from './index-code.ts';

export interface IndexChartOptions extends CallOptions {
  readonly period: DailyPeriod;
  /** How many candles; fewer come where the index has no more. A call of KIS gives 50. */
  readonly count: number;
}

/** One day, week or month of an index; prices in points. The newest one is unfinished while the market is open. */
export interface IndexCandle {
  readonly indexCode: string;
  /** `YYYYMMDD` in Korea; of a week or month the day by which KIS names it. KIS: `stck_bsop_date`. */
  readonly date: string;
  /** 00:00 of `date` in Korea (UTC+9). */
  readonly startMs: number;
  /** KIS: `bstp_nmix_oprc`. */
  readonly openPrice: number;
  /** KIS: `bstp_nmix_hgpr`. */
  readonly highPrice: number;
  /** KIS: `bstp_nmix_lwpr`. */
  readonly lowPrice: number;
  /** KIS: `bstp_nmix_prpr`. */
  readonly closePrice: number;
  /** Shares. KIS: `acml_vol`, which counts in thousands. */
  readonly volume: number;
  /** Won. KIS: `acml_tr_pbmn`, which counts in millions. */
  readonly tradingValue: number;
}

const endpoint: KisEndpoint = {
  method: 'GET',
  path: '/uapi/domestic-stock/v1/quotations/inquire-daily-indexchartprice',
  trId: 'FHKUP03500100',
};

export async function getIndexChart(
  { request, nowMs }: QuoteSource,
  code: string,
  { period, count, signal }: IndexChartOptions,
): Promise<IndexCandle[]> {
  const indexCode = checkIndexCode(code);
  checkOneOf('period', period, dailyPeriods);
  checkCount(count);
  const params = {
    FID_COND_MRKT_DIV_CODE: 'U',
    FID_INPUT_ISCD: indexCode,
    FID_INPUT_DATE_1: firstDate,
    FID_PERIOD_DIV_CODE: periodCodes[period],
  };
  return readNewestRows({
    count,
    period,
    lastDate: koreanDate(nowMs()),
    ask: (lastDate) => request(endpoint, { ...params, FID_INPUT_DATE_2: lastDate }, { signal }),
    read: (reply) => readRows(reply, 'output2', 'stck_bsop_date').map((fields) => readCandle(fields, indexCode)),
    assertKnown(reply) {
      if (isNothing(readBlock(reply, 'output1', {}), 'bstp_nmix_prpr')) {
        throw createUnknownError(`index ${indexCode}`, reply);
      }
    },
  });
}

function readCandle(fields: Fields, indexCode: string): IndexCandle {
  return {
    indexCode,
    ...readDay(fields, 'stck_bsop_date'),
    openPrice: fields.number('bstp_nmix_oprc'),
    highPrice: fields.number('bstp_nmix_hgpr'),
    lowPrice: fields.number('bstp_nmix_lwpr'),
    closePrice: fields.number('bstp_nmix_prpr'),
    volume: fields.number('acml_vol') * 1_000,
    tradingValue: fields.number('acml_tr_pbmn') * 1_000_000,
  };
}
