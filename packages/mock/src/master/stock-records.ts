import { dateOf } from '../market/calendar.ts';
import { fundamentalsOf } from '../market/fundamentals.ts';
import type { Indices } from '../market/indices.ts';
import { type Kind, kindOf } from '../market/kinds.ts';
import type { Quote, Stock } from '../market/market.ts';
import { standardCodeOf } from '../market/standard-code.ts';
import type { FakeSymbol } from '../market/symbols.ts';
import { type Slot, TAILS } from './layouts.ts';

const WON_PER_UNIT = 100_000_000;
const NAME_BYTES = 40;
const GROUPS: Readonly<Record<Kind, string>> = { ordinary: 'ST', preferred: 'ST', ETF: 'EF', ETN: 'EN' };
const MARGIN_PERCENT: Readonly<Record<FakeSymbol['market'], number>> = { KOSPI: 20, KOSDAQ: 40, KONEX: 100 };

/** One line of a file of stocks, without its end: code, standard code, name, and a tail of fixed width. */
export function stockRecord(stock: Stock, quote: Quote, indices: Indices): string {
  const { symbol } = stock;
  const values = tailValues(stock, quote, indices);
  const tail = TAILS[symbol.market].map((slot) => slotText(slot, values[slot[0]])).join('');
  return `${symbol.code.padEnd(9)}${standardCodeOf(symbol)}${paddedName(symbol.name)}${tail}`;
}

/** Numbers fill their width with zeros, words with blanks; what is not told is `N` where it could be `Y`, else blank. */
function slotText([, width]: Slot, value: string | number | undefined): string {
  if (typeof value === 'number') return String(Math.min(value, 10 ** width - 1)).padStart(width, '0');
  return (value ?? (width === 1 ? 'N' : '')).padEnd(width);
}

/** The name has 40 bytes in cp949, in which a Korean letter takes two. */
export function paddedName(name: string): string {
  const bytes = Array.from(name).reduce((sum, letter) => sum + (letter > '\u007f' ? 2 : 1), 0);
  return name + ' '.repeat(Math.max(0, NAME_BYTES - bytes));
}

function tailValues(stock: Stock, quote: Quote, indices: Indices): Readonly<Record<string, string | number>> {
  const { symbol } = stock;
  const { basePrice, previous } = quote;
  const { earningsPerShare, bookPerShare, listedDay } = fundamentalsOf(stock);
  const kind = kindOf(symbol);
  const isShare = symbol.faceValue > 0;
  const units = (wonPerShare: number): number => Math.floor((wonPerShare * symbol.listedShares) / WON_PER_UNIT);
  const earnings = isShare ? units(earningsPerShare) : 0;
  const marketValue = units(basePrice);
  const size = !isShare ? 0 : marketValue >= 20_000 ? 1 : marketValue >= 3_000 ? 2 : 3;
  return {
    그룹코드: GROUPS[kind],
    시가총액규모: size,
    // The indices of large, middle and small companies follow that of the market.
    지수업종대분류: size === 0 ? 0 : size + 1,
    지수업종중분류: Number(indices.codeOf(symbol)),
    지수업종소분류: 0,
    KOSPI200업종: indices.isInKospi200(symbol) ? 'Y' : '0',
    KOSDAQ150: indices.isInKosdaq150(symbol) ? 'Y' : 'N',
    ETP: kind === 'ETF' ? 1 : kind === 'ETN' ? 2 : 0,
    단기과열: 0,
    기준가: basePrice,
    매매수량단위: 1,
    시간외수량단위: 1,
    시장경고: 0,
    락구분: 0,
    액면변경: 0,
    증자구분: 0,
    증거금비율: MARGIN_PERCENT[symbol.market],
    신용가능: isShare ? 'Y' : 'N',
    신용기간: isShare ? 90 : 0,
    전일거래량: previous.volume,
    액면가: symbol.faceValue,
    상장일자: dateOf(listedDay),
    상장주수: Math.floor(symbol.listedShares / 1_000),
    자본금: symbol.faceValue * symbol.listedShares,
    결산월: isShare ? '12' : '',
    공모가: 0,
    우선주: kind === 'preferred' ? 1 : 0,
    KOSPI: symbol.market === 'KOSPI' && isShare ? 'Y' : 'N',
    매출액: earnings * 12,
    영업이익: Math.floor(earnings * 1.4),
    경상이익: Math.floor(earnings * 1.3),
    당기순이익: earnings,
    ROE: isShare ? ((earningsPerShare / bookPerShare) * 100).toFixed(2).padStart(9) : 0,
    기준년월: `${Number(dateOf(quote.day).slice(0, 4)) - 1}1231`,
    시가총액: marketValue,
    그룹사코드: 0,
    담보대출가능: isShare ? 'Y' : 'N',
  };
}
