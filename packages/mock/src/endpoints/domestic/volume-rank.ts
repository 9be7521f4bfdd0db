import type { Indices } from '../../market/indices.ts';
import { kindOf } from '../../market/kinds.ts';
import type { Standing } from '../../market/snapshot.ts';
import type { FakeSymbol } from '../../market/symbols.ts';
import { invalidParam, uapiRefusal, uapiReply } from '../../reply.ts';
import type { Endpoint, Params } from '../endpoint.ts';
import { decimal, percentAbove, signToday, whole } from '../format.ts';
import type { Fields } from '../outputs.ts';
import { isVenue } from '../quote-endpoint.ts';

const MAX_ROWS = 30;

/** What `FID_BLNG_CLS_CODE` ranks by. The average that KIS means is one of a single day, today. */
const RANKED_BY: readonly ((figures: Figures) => number)[] = [
  ({ volume }) => volume,
  ({ increase }) => increase,
  ({ turnover }) => turnover,
  ({ value }) => value,
  ({ valueTurnover }) => valueTurnover,
];

const NUMBER = /^\d{0,12}$/;
const FORMS: Readonly<Record<string, RegExp>> = {
  FID_COND_SCR_DIV_CODE: /^20171$/,
  FID_INPUT_ISCD: /^\d{4}$/,
  FID_DIV_CLS_CODE: /^[012]$/,
  FID_BLNG_CLS_CODE: /^[0-4]$/,
  FID_TRGT_CLS_CODE: /^[01]{0,9}$/,
  FID_TRGT_EXLS_CLS_CODE: /^[01]{0,10}$/,
  FID_INPUT_PRICE_1: NUMBER,
  FID_INPUT_PRICE_2: NUMBER,
  FID_VOL_CNT: NUMBER,
};

/** 거래량순위: the first 30, without a next page. */
export function createVolumeRank(indices: Indices): Endpoint {
  return {
    method: 'GET',
    path: '/uapi/domestic-stock/v1/quotations/volume-rank',
    trIds: { real: ['FHPST01710000'], virtual: [] },
    params: ['FID_COND_MRKT_DIV_CODE', ...Object.keys(FORMS)],
    answer({ params, nowMs }) {
      if (!isVenue(params.get('FID_COND_MRKT_DIV_CODE'))) return uapiRefusal('OPSQ2001');
      const [bad] = Object.entries(FORMS).find(([name, form]) => !form.test(params.get(name) ?? '')) ?? [];
      if (bad) return invalidParam(bad);

      const by = RANKED_BY[Number(params.get('FID_BLNG_CLS_CODE'))] ?? (({ volume }) => volume);
      const isWanted = wanted(params, indices);
      const output = indices
        .snapshots(nowMs)
        .filter(isWanted)
        .map((standing) => ({ standing, figures: figuresOf(standing) }))
        .sort((a, b) => by(b.figures) - by(a.figures))
        .slice(0, MAX_ROWS)
        .map(({ standing, figures }, n) => rankFields(standing, figures, n + 1));
      return uapiReply({ output });
    },
  };
}

/** Which stocks are ranked. Empty numbers and an upper price of 0 bound nothing. */
function wanted(params: Params, indices: Indices): (standing: Standing) => boolean {
  const sector = params.get('FID_INPUT_ISCD') ?? '';
  const index = indices.find(sector);
  const kinds = params.get('FID_DIV_CLS_CODE');
  const isExcluded = exclusion(params.get('FID_TRGT_EXLS_CLS_CODE') ?? '');
  const number = (name: string): number => Number(params.get(name) ?? '');
  const lowest = number('FID_INPUT_PRICE_1');
  const highest = number('FID_INPUT_PRICE_2') || Number.POSITIVE_INFINITY;
  const leastVolume = number('FID_VOL_CNT');

  return ({ stock: { symbol }, quote: { price, candle } }) =>
    (sector === '0000' || (index?.has(symbol) ?? false)) &&
    (kinds !== '1' || kindOf(symbol) === 'ordinary') &&
    (kinds !== '2' || kindOf(symbol) === 'preferred') &&
    !isExcluded(symbol) &&
    price >= lowest &&
    price <= highest &&
    (candle?.volume ?? 0) >= leastVolume;
}

/** Ten flags, of which four can be about a stock of this market: preferred shares, ETFs, ETNs, and what cannot be bought on credit. */
function exclusion(flags: string): (symbol: FakeSymbol) => boolean {
  const isSet = (place: number): boolean => flags[place] === '1';
  return (symbol) => {
    const kind = kindOf(symbol);
    return (
      (isSet(4) && kind === 'preferred') ||
      (isSet(6) && kind === 'ETF') ||
      (isSet(7) && kind === 'ETN') ||
      (isSet(8) && symbol.faceValue === 0)
    );
  };
}

interface Figures {
  readonly volume: number;
  readonly value: number;
  /** Percent of the volume of the session before. */
  readonly increase: number;
  /** Percent of the listed shares. */
  readonly turnover: number;
  /** Percent of what all shares are worth. */
  readonly valueTurnover: number;
}

function figuresOf({ stock: { symbol }, quote: { candle, previous, price } }: Standing): Figures {
  const volume = candle?.volume ?? 0;
  const value = candle?.tradingValue ?? 0;
  return {
    volume,
    value,
    increase: (volume / previous.volume) * 100,
    turnover: (volume / symbol.listedShares) * 100,
    valueTurnover: (value / (symbol.listedShares * price)) * 100,
  };
}

function rankFields({ stock: { symbol }, quote }: Standing, figures: Figures, rank: number): Fields {
  const { price, basePrice, previous } = quote;
  const change = percentAbove(price, basePrice);
  const turnover = decimal(figures.turnover);
  const valueTurnover = decimal(figures.valueTurnover);
  return {
    hts_kor_isnm: symbol.name,
    mksc_shrn_iscd: symbol.code,
    data_rank: whole(rank),
    stck_prpr: whole(price),
    prdy_vrss_sign: signToday(price, quote),
    prdy_vrss: whole(price - basePrice),
    prdy_ctrt: change,
    acml_vol: whole(figures.volume),
    prdy_vol: whole(previous.volume),
    lstn_stcn: whole(symbol.listedShares),
    avrg_vol: whole(figures.volume),
    n_befr_clpr_vrss_prpr_rate: change,
    vol_inrt: decimal(figures.increase),
    vol_tnrt: turnover,
    nday_vol_tnrt: turnover,
    avrg_tr_pbmn: whole(figures.value),
    tr_pbmn_tnrt: valueTurnover,
    nday_tr_pbmn_tnrt: valueTurnover,
    acml_tr_pbmn: whole(figures.value),
  };
}
