import type { StockInfo } from '@kis/client';
import type { Locate } from './locate.ts';
import { optionalNumber, optionalText, text } from './row.ts';

/** By what KRX tells of the issue; a fund, of which it tells nothing, by the trades of its newest day. */
export async function getStockInfo(locate: Locate, stockCode: string): Promise<StockInfo> {
  const { row, board } = await locate(stockCode, 'info');
  return {
    stockCode,
    stockName: optionalText(row, 'ISU_ABBRV') ?? text(row, 'ISU_NM'),
    market: board.market,
    listedShares: optionalNumber(row, 'LIST_SHRS'),
    // A share without one has 무액면 there.
    faceValue: optionalNumber(row, 'PARVAL'),
    raw: row,
  };
}
