import { readRows } from '../blocks.ts';
import { checkOneOf } from '../check.ts';
import type { KisEndpoint } from '../endpoint.ts';
import { type Fields, readChange } from '../fields.ts';
import type { QuoteSource } from '../quote-source.ts';
import type { CallOptions } from '../request.ts';

export interface VolumeRankOptions extends CallOptions {
  /** Default `'ALL'`. KIS: `FID_INPUT_ISCD`. */
  readonly market?: 'ALL' | 'KOSPI' | 'KOSDAQ' | 'KOSPI200' | undefined;
  /**
   * By shares, by how much more they are than before, by their part of the listed ones; by won, or by its part of what all shares
   * are worth. Default `'volume'`. KIS: `FID_BLNG_CLS_CODE`.
   */
  readonly by?: 'volume' | 'increase' | 'turnover' | 'value' | 'valueTurnover' | undefined;
  /** Default `'all'`. KIS: `FID_DIV_CLS_CODE`. */
  readonly shares?: 'all' | 'ordinary' | 'preferred' | undefined;
  /** What is left out. Default: nothing. KIS: `FID_TRGT_EXLS_CLS_CODE`. */
  readonly without?: readonly VolumeRankKind[] | undefined;
  /** Won. KIS: `FID_INPUT_PRICE_1`. */
  readonly minPrice?: number | undefined;
  /** Won. KIS: `FID_INPUT_PRICE_2`. */
  readonly maxPrice?: number | undefined;
  /** Shares. KIS: `FID_VOL_CNT`. */
  readonly minVolume?: number | undefined;
}

export type VolumeRankKind =
  | 'warned'
  | 'administrative'
  | 'liquidating'
  | 'unfaithful'
  | 'preferred'
  | 'suspended'
  | 'ETF'
  | 'ETN'
  | 'noCredit'
  | 'SPAC';

/** One of the stocks that are traded most; prices in won. */
export interface VolumeRank {
  /** From 1. KIS: `data_rank`. */
  readonly rank: number;
  /** KIS: `mksc_shrn_iscd`. */
  readonly stockCode: string;
  /** KIS: `hts_kor_isnm`. */
  readonly stockName: string;
  /** KIS: `stck_prpr`. */
  readonly currentPrice: number;
  /** Against the close of the day before. KIS: `prdy_vrss`. */
  readonly changePrice: number;
  /** Percent. KIS: `prdy_ctrt`. */
  readonly changeRate: number;
  /** Shares. KIS: `acml_vol`. */
  readonly volume: number;
  /** Shares, of the day before. KIS: `prdy_vol`. */
  readonly previousVolume: number;
  /** Won. KIS: `acml_tr_pbmn`. */
  readonly tradingValue: number;
  /** Percent. KIS: `vol_inrt`. */
  readonly volumeIncreaseRate?: number | undefined;
  /** Percent of the listed shares. KIS: `vol_tnrt`. */
  readonly turnoverRate?: number | undefined;
  /** KIS: `lstn_stcn`. */
  readonly listedShares?: number | undefined;
}

const endpoint: KisEndpoint = {
  method: 'GET',
  path: '/uapi/domestic-stock/v1/quotations/volume-rank',
  trId: { real: 'FHPST01710000' },
};

const markets = ['ALL', 'KOSPI', 'KOSDAQ', 'KOSPI200'] as const;
const marketCodes = { ALL: '0000', KOSPI: '0001', KOSDAQ: '1001', KOSPI200: '2001' } as const;
/** In the order in which KIS counts them, from 0. */
const orders = ['volume', 'increase', 'turnover', 'value', 'valueTurnover'] as const;
const shareKinds = ['all', 'ordinary', 'preferred'] as const;
/** In the order of KIS's flags. */
const kinds: readonly VolumeRankKind[] = [
  ...(['warned', 'administrative', 'liquidating', 'unfaithful', 'preferred'] as const),
  ...(['suspended', 'ETF', 'ETN', 'noCredit', 'SPAC'] as const),
];
const noBound = 999_999_999;

export async function getVolumeRank(
  { request, names }: QuoteSource,
  options: VolumeRankOptions = {},
): Promise<VolumeRank[]> {
  const { market = 'ALL', by = 'volume', shares = 'all', without = [], minPrice, maxPrice, minVolume } = options;
  const left = without.map((kind) => checkOneOf('without', kind, kinds));
  const hasPrices = minPrice !== undefined || maxPrice !== undefined;
  const params = {
    FID_COND_MRKT_DIV_CODE: 'J',
    FID_COND_SCR_DIV_CODE: '20171',
    FID_INPUT_ISCD: marketCodes[checkOneOf('market', market, markets)],
    FID_DIV_CLS_CODE: shareKinds.indexOf(checkOneOf('shares', shares, shareKinds)),
    FID_BLNG_CLS_CODE: orders.indexOf(checkOneOf('by', by, orders)),
    FID_TRGT_CLS_CODE: '111111111',
    FID_TRGT_EXLS_CLS_CODE: kinds.map((kind) => (left.includes(kind) ? '1' : '0')).join(''),
    // Both, or neither.
    FID_INPUT_PRICE_1: hasPrices ? checkBound('minPrice', minPrice ?? 0) : '',
    FID_INPUT_PRICE_2: hasPrices ? checkBound('maxPrice', maxPrice ?? noBound) : '',
    FID_VOL_CNT: minVolume === undefined ? '' : checkBound('minVolume', minVolume),
    FID_INPUT_DATE_1: '',
  };
  const reply = await request(endpoint, params, options);
  const ranks = readRows(reply, 'output', 'mksc_shrn_iscd').map(readRank);
  for (const { stockCode, stockName } of ranks) names.remember(stockCode, stockName);
  return ranks.sort((a, b) => a.rank - b.rank);
}

function readRank(fields: Fields): VolumeRank {
  return {
    rank: fields.number('data_rank'),
    stockCode: fields.text('mksc_shrn_iscd'),
    stockName: fields.text('hts_kor_isnm'),
    currentPrice: fields.number('stck_prpr'),
    changePrice: readChange(fields, 'prdy_vrss'),
    changeRate: readChange(fields, 'prdy_ctrt'),
    volume: fields.number('acml_vol'),
    previousVolume: fields.number('prdy_vol'),
    tradingValue: fields.number('acml_tr_pbmn'),
    volumeIncreaseRate: fields.optionalNumber('vol_inrt'),
    turnoverRate: fields.optionalNumber('vol_tnrt'),
    listedShares: fields.optionalNumber('lstn_stcn'),
  };
}

function checkBound(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 0 && value < 1e12) return value;
  throw new RangeError(`client: \`${name}\` must be an integer from 0 to 999999999999, got ${String(value)}`);
}
