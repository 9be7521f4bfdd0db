import type { KisEndpoint } from './endpoint.ts';
import { KisResponseError } from './errors.ts';
import { readFields } from './fields.ts';
import { dayBefore, koreanDate, koreanDayMs } from './korean-time.ts';
import type { CallOptions, Request } from './request.ts';
import { checkStockCode } from './stock-code.ts';
import type { KisReply } from './transport.ts';
import { createUnknownStockError } from './unknown-stock.ts';

/** One day, week or month of a stock; prices in won. The newest one is unfinished while the market is open. */
export interface Candle {
  readonly stockCode: string;
  /** `YYYYMMDD` in Korea; of a week or month the day by which KIS names it. KIS: `stck_bsop_date`. */
  readonly date: string;
  /** 00:00 of `date` in Korea (UTC+9). */
  readonly startMs: number;
  /** KIS: `stck_oprc`. */
  readonly openPrice: number;
  /** KIS: `stck_hgpr`. */
  readonly highPrice: number;
  /** KIS: `stck_lwpr`. */
  readonly lowPrice: number;
  /** KIS: `stck_clpr`. */
  readonly closePrice: number;
  /** Shares. KIS: `acml_vol`. */
  readonly volume: number;
  /** Won. KIS: `acml_tr_pbmn`. */
  readonly tradingValue: number;
}

export interface ChartOptions extends CallOptions {
  readonly period: 'day' | 'week' | 'month';
  /** How many candles; fewer come where the stock has no more. KIS gives 100 in one call. */
  readonly count: number;
  /** For splits and the like. Default true. KIS: `FID_ORG_ADJ_PRC`. */
  readonly adjusted?: boolean | undefined;
}

const endpoint: KisEndpoint = {
  method: 'GET',
  path: '/uapi/domestic-stock/v1/quotations/inquire-daily-itemchartprice',
  trId: 'FHKST03010100',
};

const periodCodes = { day: 'D', week: 'W', month: 'M' } as const;

/** Before the first day of the Korean market. */
const firstDate = '19500101';

export async function getChart(
  request: Request,
  nowMs: number,
  code: string,
  options: ChartOptions,
): Promise<Candle[]> {
  const stockCode = checkStockCode(code);
  const { period, count, adjusted = true, signal } = options;
  if (!Object.hasOwn(periodCodes, period)) {
    throw new TypeError(`client: \`period\` must be 'day', 'week' or 'month', got ${String(period)}`);
  }
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`client: \`count\` must be an integer >= 1, got ${String(count)}`);
  }

  const candles: Candle[] = [];
  let lastDate = koreanDate(nowMs);
  while (candles.length < count) {
    const params = {
      FID_COND_MRKT_DIV_CODE: 'J',
      FID_INPUT_ISCD: stockCode,
      FID_INPUT_DATE_1: firstDate,
      FID_INPUT_DATE_2: lastDate,
      FID_PERIOD_DIV_CODE: periodCodes[period],
      FID_ORG_ADJ_PRC: adjusted ? '0' : '1',
    };
    const reply = await request(endpoint, params, { signal });
    const page = readPage(reply, stockCode, lastDate);
    const oldest = page.at(-1);
    if (oldest === undefined) {
      if (candles.length === 0 && !hasPrice(reply)) throw createUnknownStockError(stockCode, reply);
      break;
    }
    candles.push(...page);
    lastDate = dayBefore(oldest.date, period);
  }
  return candles.slice(0, count);
}

/** Newest first, and none after `lastDate`, so that each page begins before the last one ended. */
function readPage(reply: KisReply, stockCode: string, lastDate: string): Candle[] {
  const rows: unknown = reply.body.output2 ?? [];
  if (!Array.isArray(rows)) {
    throw new KisResponseError({ expected: 'an array', where: 'output2', status: reply.status });
  }
  return rows
    .map((row: unknown, index) => readFields(reply, row, `output2[${index}]`))
    .filter((fields) => fields.optionalText('stck_bsop_date') !== undefined)
    .map((fields) => {
      const date = fields.text('stck_bsop_date');
      const startMs = koreanDayMs(date);
      if (startMs === undefined) {
        throw new KisResponseError({ expected: 'a date', where: 'output2[].stck_bsop_date', status: reply.status });
      }
      return {
        stockCode,
        date,
        startMs,
        openPrice: fields.number('stck_oprc'),
        highPrice: fields.number('stck_hgpr'),
        lowPrice: fields.number('stck_lwpr'),
        closePrice: fields.number('stck_clpr'),
        volume: fields.number('acml_vol'),
        tradingValue: fields.number('acml_tr_pbmn'),
      };
    })
    .filter(({ date }) => date <= lastDate)
    .sort((a, b) => b.startMs - a.startMs);
}

function hasPrice(reply: KisReply): boolean {
  const { output1 } = reply.body;
  return (readFields(reply, output1 ?? {}, 'output1').optionalNumber('stck_prpr') ?? 0) !== 0;
}
