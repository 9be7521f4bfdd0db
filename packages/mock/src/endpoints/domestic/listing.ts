import type { Indices } from '../../market/indices.ts';
import { type Kind, kindOf } from '../../market/kinds.ts';
import type { FakeSymbol } from '../../market/symbols.ts';

/** Where and as what a stock is listed, in KIS's words. */
export interface Listing {
  /** KIS: `kospi_kosdaq_cls_name`. */
  readonly marketShortName: string;
  /** KIS: `mket_id_cd`. */
  readonly marketId: string;
  /** KIS: `excg_dvsn_cd`. */
  readonly exchange: string;
  /** KIS: `scty_grp_id_cd`. */
  readonly group: string;
  /** KIS: `stck_kind_cd`. */
  readonly shareKind: string;
  /** Percent. KIS: `marg_rate`. */
  readonly marginRate: string;
}

const MARKETS: Readonly<
  Record<FakeSymbol['market'], Pick<Listing, 'marketShortName' | 'marketId' | 'exchange' | 'marginRate'>>
> = {
  KOSPI: {
    marketShortName: '거래소',
    marketId: 'STK',
    exchange: '02',
    marginRate: '20.00',
  },
  KOSDAQ: {
    marketShortName: '코스닥',
    marketId: 'KSQ',
    exchange: '03',
    marginRate: '40.00',
  },
  KONEX: { marketShortName: '코넥스', marketId: 'KNX', exchange: '01', marginRate: '100.00' },
};

const GROUPS: Readonly<Record<Kind, string>> = { ordinary: 'ST', preferred: 'ST', ETF: 'EF', ETN: 'EN' };
const SHARE_KINDS: Readonly<Record<Kind, string>> = { ordinary: '101', preferred: '201', ETF: '000', ETN: '000' };

export function listingOf(symbol: FakeSymbol): Listing {
  const kind = kindOf(symbol);
  return {
    ...MARKETS[symbol.market],
    group: symbol.market === 'KONEX' ? 'KN' : GROUPS[kind],
    shareKind: SHARE_KINDS[kind],
  };
}

/** The index of the largest where it is one of them, else the market. KIS: `rprs_mrkt_kor_name`. */
export function representativeMarket(symbol: FakeSymbol, indices: Indices): string {
  if (indices.isInKospi200(symbol)) return 'KOSPI200';
  return indices.isInKosdaq150(symbol) ? 'KSQ150' : symbol.market;
}
