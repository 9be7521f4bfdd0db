import { parseNumber } from '../fields.ts';
import { koreanDayMs } from '../korean-time.ts';
import type { StockInfo } from '../stock-info.ts';

export type SymbolMarket = StockInfo['market'];

/** What is listed at a market, as its file has it this morning. */
export interface MarketSymbol {
  /** As all calls take it. KIS: 단축코드. */
  readonly code: string;
  /** KIS: 한글명. */
  readonly name: string;
  /** KIS: 표준코드. */
  readonly isin: string;
  readonly market: SymbolMarket;
  /** `'ST'` a share, `'EF'` an ETF, `'EN'` an ETN, `'EW'` an ELW, `'RT'` a REIT … KIS: 그룹코드. */
  readonly group: string;
  /** Won: that from which today's limits are counted. KIS: 기준가. */
  readonly basePrice?: number | undefined;
  /** Won. KIS: 액면가. */
  readonly faceValue?: number | undefined;
  /** KIS: 상장주수, which counts in thousands. */
  readonly listedShares?: number | undefined;
  /** `YYYYMMDD`. KIS: 상장일자. */
  readonly listingDate?: string | undefined;
  /** KIS: 거래정지. */
  readonly isSuspended: boolean;
  /** Sold off before it is delisted. KIS: 정리매매. */
  readonly isLiquidating: boolean;
  /** Under administration of the exchange. KIS: 관리종목. */
  readonly isAdministrative: boolean;
}

/**
 * A record is a code of 9 characters, an ISIN of 12, a name, and a tail of `length`. The tail begins with the group; from
 * `prices` on all markets have the same fields.
 */
const tails: Readonly<Record<SymbolMarket, { readonly length: number; readonly prices: number }>> = {
  KOSPI: { length: 227, prices: 41 },
  KOSDAQ: { length: 221, prices: 36 },
  KONEX: { length: 184, prices: 2 },
};

/** Undefined for a line that is none. Widths are of characters: the name, which alone is Korean, is what is left of them. */
export function readRecord(line: string, market: SymbolMarket): MarketSymbol | undefined {
  const { length, prices } = tails[market];
  const head = line.slice(0, -length);
  const tail = line.slice(-length);
  const at = (start: number, width: number) => tail.slice(prices + start, prices + start + width).trim();
  const code = head.slice(0, 9).trim();
  const isin = head.slice(9, 21).trim();
  const name = head.slice(21).trim();
  if (!/^[0-9A-Z]{6,9}$/.test(code) || !/^[0-9A-Z]{12}$/.test(isin) || name === '') return undefined;
  const thousands = parseNumber(at(72, 15));
  const listingDate = at(64, 8);
  return {
    code,
    name,
    isin,
    market,
    group: tail.slice(0, 2).trim(),
    basePrice: parseNumber(at(0, 9)),
    faceValue: parseNumber(at(52, 12)),
    listedShares: thousands === undefined ? undefined : thousands * 1_000,
    listingDate: koreanDayMs(listingDate) === undefined ? undefined : listingDate,
    isSuspended: at(19, 1) === 'Y',
    isLiquidating: at(20, 1) === 'Y',
    isAdministrative: at(21, 1) === 'Y',
  };
}
