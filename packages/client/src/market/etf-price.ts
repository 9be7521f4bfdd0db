import { readBlock } from '../blocks.ts';
import { readPrices } from '../candle.ts';
import type { KisEndpoint } from '../endpoint.ts';
import { readChange } from '../fields.ts';
import type { CallOptions, Request } from '../request.ts';
import { checkStockCode } from '../stock-code.ts';
import type { KisBody } from '../transport.ts';
import { createUnknownStockError, isNothing } from '../unknown-stock.ts';

/** The price of an ETF or ETN, and what it is worth; prices in won. */
export interface EtfPrice {
  readonly stockCode: string;
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
  /** Net assets of a share; of an ETN what it indicates. KIS: `nav`. */
  readonly nav?: number | undefined;
  /** Percent, against the day before. KIS: `nav_prdy_ctrt`. */
  readonly navChangeRate?: number | undefined;
  /** By how many percent the price lies above `nav`. KIS: `dprt`. */
  readonly deviationRate?: number | undefined;
  /** Percent by which it misses its index. KIS: `trc_errt`. */
  readonly trackingErrorRate?: number | undefined;
  /** How many times the move of its index it makes. KIS: `etf_trc_ert_mltp`. */
  readonly leverage?: number | undefined;
  /** KIS: `etf_rprs_bstp_kor_isnm`. */
  readonly indexName?: string | undefined;
  /** How many papers it is made of. KIS: `etf_cnfg_issu_cnt`. */
  readonly constituents?: number | undefined;
  /** Won. KIS: `etf_ntas_ttam`, which counts in 100 million won. */
  readonly netAssets?: number | undefined;
  /** KIS: `lstn_stcn`. */
  readonly listedShares?: number | undefined;
  /** When KIS answered: it does not say when the price was made. */
  readonly timestampMs: number;
  /** KIS's answer, untouched. */
  readonly raw: KisBody;
}

const endpoint: KisEndpoint = {
  method: 'GET',
  path: '/uapi/etfetn/v1/quotations/inquire-price',
  trId: { real: 'FHPST02400000' },
};

export async function getEtfPrice(request: Request, code: string, options?: CallOptions): Promise<EtfPrice> {
  const stockCode = checkStockCode(code);
  const reply = await request(endpoint, { FID_COND_MRKT_DIV_CODE: 'J', FID_INPUT_ISCD: stockCode }, options);
  const fields = readBlock(reply, 'output');
  if (isNothing(fields, 'stck_prpr')) throw createUnknownStockError(stockCode, reply);
  const netAssets = fields.optionalNumber('etf_ntas_ttam');
  return {
    stockCode,
    currentPrice: fields.number('stck_prpr'),
    changePrice: readChange(fields, 'prdy_vrss'),
    changeRate: readChange(fields, 'prdy_ctrt'),
    ...readPrices(fields),
    volume: fields.number('acml_vol'),
    nav: fields.optionalNumber('nav'),
    navChangeRate: fields.optionalNumber('nav_prdy_ctrt'),
    deviationRate: fields.optionalNumber('dprt'),
    trackingErrorRate: fields.optionalNumber('trc_errt'),
    leverage: fields.optionalNumber('etf_trc_ert_mltp'),
    indexName: fields.optionalText('etf_rprs_bstp_kor_isnm'),
    constituents: fields.optionalNumber('etf_cnfg_issu_cnt'),
    netAssets: netAssets === undefined ? undefined : netAssets * 100_000_000,
    listedShares: fields.optionalNumber('lstn_stcn'),
    timestampMs: reply.dateMs,
    raw: reply.body,
  };
}
