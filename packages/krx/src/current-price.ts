import type { CurrentPrice } from '@kis/client';
import { startOfDayMs } from './korean-day.ts';
import type { Locate } from './locate.ts';
import { number, optionalNumber, optionalText } from './row.ts';

/** 15:30. */
const closeMs = 15.5 * 3_600_000;

/** The close of the newest session that is published. */
export async function getCurrentPrice(locate: Locate, stockCode: string): Promise<CurrentPrice> {
  const { row, sheet } = await locate(stockCode, 'daily');
  const orZero = (name: string): number => optionalNumber(row, name) ?? 0;
  return {
    stockCode,
    stockName: optionalText(row, 'ISU_NM'),
    currentPrice: number(row, 'TDD_CLSPRC'),
    changePrice: orZero('CMPPREVDD_PRC'),
    changeRate: orZero('FLUC_RT'),
    openPrice: orZero('TDD_OPNPRC'),
    highPrice: orZero('TDD_HGPRC'),
    lowPrice: orZero('TDD_LWPRC'),
    volume: orZero('ACC_TRDVOL'),
    tradingValue: orZero('ACC_TRDVAL'),
    marketCap: optionalNumber(row, 'MKTCAP'),
    timestampMs: startOfDayMs(sheet.day) + closeMs,
    raw: row,
  };
}
