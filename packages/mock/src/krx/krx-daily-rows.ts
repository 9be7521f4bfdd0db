import { decimal, percentAbove, whole } from '../endpoints/format.ts';
import { dateOf } from '../market/calendar.ts';
import { fundOf } from '../market/funds.ts';
import type { Indices } from '../market/indices.ts';
import type { Market, Stock } from '../market/market.ts';
import { type KrxRow, krxRow } from './krx-row.ts';
import { sectionOf } from './krx-section.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A share on a session day, at the prices of that time, before splits. */
export function shareRow(market: Market, stock: Stock, day: number): KrxRow {
  const { symbol } = stock;
  return krxRow({ ...dailyFields(market, stock, day), MKT_NM: symbol.market, SECT_TP_NM: sectionOf(stock) });
}

/** A fund on a session day, with what it holds and what it follows. */
export function etfRow(market: Market, indices: Indices, stock: Stock, day: number): KrxRow {
  const { assetValue } = fundOf(stock, market.quote(stock, afterClose(day)));
  const kospi200 = indices.find('2001')?.walk.candle(day);
  const { closePrice, previousClose } = kospi200 ?? { closePrice: 0, previousClose: 0 };
  return krxRow({
    ...dailyFields(market, stock, day),
    NAV: decimal(assetValue),
    INVSTASST_NETASST_TOTAMT: whole(assetValue * stock.symbol.listedShares),
    IDX_IND_NM: '코스피 200',
    OBJ_STKPRC_IDX: decimal(closePrice / 100),
    CMPPREVDD_IDX: decimal((closePrice - previousClose) / 100),
    FLUC_RT_IDX: percentAbove(closePrice, previousClose),
  });
}

/** What is told of all that is traded. */
function dailyFields(market: Market, stock: Stock, day: number): KrxRow {
  const { symbol } = stock;
  const range = { fromDay: day, toDay: day, period: 'D', maxRows: 1, original: true } as const;
  const [candle] = market.chart(stock, afterClose(day), range);
  if (!candle) throw new RangeError(`mock: ${dateOf(day)} is no session`);
  return {
    BAS_DD: dateOf(day),
    ISU_CD: symbol.code,
    ISU_NM: symbol.name,
    TDD_CLSPRC: whole(candle.closePrice),
    CMPPREVDD_PRC: whole(candle.closePrice - candle.previousClose),
    FLUC_RT: percentAbove(candle.closePrice, candle.previousClose),
    TDD_OPNPRC: whole(candle.openPrice),
    TDD_HGPRC: whole(candle.highPrice),
    TDD_LWPRC: whole(candle.lowPrice),
    ACC_TRDVOL: whole(candle.volume),
    ACC_TRDVAL: whole(candle.tradingValue),
    MKTCAP: whole(candle.closePrice * symbol.listedShares),
    LIST_SHRS: whole(symbol.listedShares),
  };
}

/** 16:00 in Korea. */
function afterClose(day: number): number {
  return day * DAY_MS + (16 - 9) * HOUR_MS;
}
