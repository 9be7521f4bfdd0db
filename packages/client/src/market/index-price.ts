import { readBlock } from '../blocks.ts';
import type { KisEndpoint } from '../endpoint.ts';
import { readChange } from '../fields.ts';
import type { CallOptions, Request } from '../request.ts';
import type { KisBody } from '../transport.ts';
import { createUnknownError, isNothing } from '../unknown-stock.ts';
import { checkIndexCode } from './index-code.ts';

/** Where an index stands; prices in points. */
export interface IndexPrice {
  readonly indexCode: string;
  /** KIS: `bstp_nmix_prpr`. */
  readonly currentPrice: number;
  /** Against the close of the day before. KIS: `bstp_nmix_prdy_vrss`. */
  readonly changePrice: number;
  /** Percent. KIS: `bstp_nmix_prdy_ctrt`. */
  readonly changeRate: number;
  /** 0 before the open. KIS: `bstp_nmix_oprc`. */
  readonly openPrice: number;
  /** 0 before the open. KIS: `bstp_nmix_hgpr`. */
  readonly highPrice: number;
  /** 0 before the open. KIS: `bstp_nmix_lwpr`. */
  readonly lowPrice: number;
  /** Shares. KIS: `acml_vol`, which counts in thousands. */
  readonly volume: number;
  /** Won. KIS: `acml_tr_pbmn`, which counts in millions. */
  readonly tradingValue: number;
  /** How many of its stocks are up, those at their limit not among them. KIS: `ascn_issu_cnt`. */
  readonly rising?: number | undefined;
  /** KIS: `stnr_issu_cnt`. */
  readonly unchanged?: number | undefined;
  /** KIS: `down_issu_cnt`. */
  readonly falling?: number | undefined;
  /** At the day's upper limit. KIS: `uplm_issu_cnt`. */
  readonly atUpperLimit?: number | undefined;
  /** At the day's lower limit. KIS: `lslm_issu_cnt`. */
  readonly atLowerLimit?: number | undefined;
  /** When KIS answered: it does not say when the price was made. */
  readonly timestampMs: number;
  /** KIS's answer, untouched. */
  readonly raw: KisBody;
}

const endpoint: KisEndpoint = {
  method: 'GET',
  path: '/uapi/domestic-stock/v1/quotations/inquire-index-price',
  trId: { real: 'FHPUP02100000' },
};

export async function getIndexPrice(request: Request, code: string, options?: CallOptions): Promise<IndexPrice> {
  const indexCode = checkIndexCode(code);
  const reply = await request(endpoint, { FID_COND_MRKT_DIV_CODE: 'U', FID_INPUT_ISCD: indexCode }, options);
  const fields = readBlock(reply, 'output');
  if (isNothing(fields, 'bstp_nmix_prpr')) throw createUnknownError(`index ${indexCode}`, reply);
  return {
    indexCode,
    currentPrice: fields.number('bstp_nmix_prpr'),
    changePrice: readChange(fields, 'bstp_nmix_prdy_vrss'),
    changeRate: readChange(fields, 'bstp_nmix_prdy_ctrt'),
    openPrice: fields.number('bstp_nmix_oprc'),
    highPrice: fields.number('bstp_nmix_hgpr'),
    lowPrice: fields.number('bstp_nmix_lwpr'),
    volume: fields.number('acml_vol') * 1_000,
    tradingValue: fields.number('acml_tr_pbmn') * 1_000_000,
    rising: fields.optionalNumber('ascn_issu_cnt'),
    unchanged: fields.optionalNumber('stnr_issu_cnt'),
    falling: fields.optionalNumber('down_issu_cnt'),
    atUpperLimit: fields.optionalNumber('uplm_issu_cnt'),
    atLowerLimit: fields.optionalNumber('lslm_issu_cnt'),
    timestampMs: reply.dateMs,
    raw: reply.body,
  };
}
