import { readBlock } from './blocks.ts';
import { readPrices } from './candle.ts';
import type { KisEndpoint } from './endpoint.ts';
import { readChange } from './fields.ts';
import type { CallOptions, Request } from './request.ts';
import { checkStockCode } from './stock-code.ts';
import type { KisBody, KisReply } from './transport.ts';
import { createUnknownStockError } from './unknown-stock.ts';

/** The price of a stock; prices in won. */
export interface CurrentPrice {
  readonly stockCode: string;
  /** KIS: `hts_kor_isnm`. It seldom comes with a price; then it is there if another answer has told it, or with `withName`. */
  readonly stockName?: string | undefined;
  /** KIS: `stck_prpr`. */
  readonly currentPrice: number;
  /** Against the close of the day before. KIS: `prdy_vrss`. */
  readonly changePrice: number;
  /** Percent. KIS: `prdy_ctrt`. */
  readonly changeRate: number;
  /** 0 before the first trade of the day. KIS: `stck_oprc`. */
  readonly openPrice: number;
  /** 0 before the first trade of the day. KIS: `stck_hgpr`. */
  readonly highPrice: number;
  /** 0 before the first trade of the day. KIS: `stck_lwpr`. */
  readonly lowPrice: number;
  /** Shares. KIS: `acml_vol`. */
  readonly volume: number;
  /** Won. KIS: `acml_tr_pbmn`. */
  readonly tradingValue: number;
  /** Won. KIS: `hts_avls`, which counts in 100 million won. */
  readonly marketCap?: number | undefined;
  /** When KIS answered: it does not say when the price was made. */
  readonly timestampMs: number;
  /** Since when it was kept, by KIS's time; absent when KIS has just said it. */
  readonly cachedAtMs?: number | undefined;
  /** KIS's answer, untouched. */
  readonly raw: KisBody;
}

const endpoint: KisEndpoint = {
  method: 'GET',
  path: '/uapi/domestic-stock/v1/quotations/inquire-price',
  trId: 'FHKST01010100',
};

/** Rejects with KisApiError for a code that KIS does not know. */
export async function requestPrice(request: Request, stockCode: string, options?: CallOptions): Promise<KisReply> {
  const reply = await request(endpoint, { FID_COND_MRKT_DIV_CODE: 'J', FID_INPUT_ISCD: stockCode }, options);
  if (readBlock(reply, 'output').number('stck_prpr') === 0) throw createUnknownStockError(stockCode, reply);
  return reply;
}

export async function getCurrentPrice(request: Request, code: string, options?: CallOptions): Promise<CurrentPrice> {
  const stockCode = checkStockCode(code);
  const reply = await requestPrice(request, stockCode, options);
  const fields = readBlock(reply, 'output');
  const marketCap = fields.optionalNumber('hts_avls');
  return {
    stockCode,
    stockName: fields.optionalText('hts_kor_isnm'),
    currentPrice: fields.number('stck_prpr'),
    changePrice: readChange(fields, 'prdy_vrss'),
    changeRate: readChange(fields, 'prdy_ctrt'),
    ...readPrices(fields),
    volume: fields.number('acml_vol'),
    tradingValue: fields.number('acml_tr_pbmn'),
    marketCap: marketCap === undefined ? undefined : marketCap * 100_000_000,
    timestampMs: reply.dateMs,
    raw: reply.body,
  };
}
