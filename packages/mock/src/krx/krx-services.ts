import { FIRST_DAY } from '../market/calendar.ts';
import type { Indices } from '../market/indices.ts';
import { isFund, kindOf } from '../market/kinds.ts';
import type { Market, Stock } from '../market/market.ts';
import type { FakeSymbol } from '../market/symbols.ts';
import { etfRow, shareRow } from './krx-daily-rows.ts';
import { infoRow } from './krx-info-row.ts';
import type { KrxRow } from './krx-row.ts';

/** What can be asked for, by its path: all rows of a session day. */
export type KrxServices = ReadonlyMap<string, (day: number) => readonly KrxRow[]>;

/** The Korea Exchange's side of the market that KIS's side is of, too. */
export function createKrxServices(market: Market, indices: Indices): KrxServices {
  const stocksThat = (isMeant: (symbol: FakeSymbol) => boolean): readonly Stock[] =>
    market.symbols
      .filter(isMeant)
      .map(({ code }) => market.find(code))
      .filter((stock) => stock !== undefined);
  const sharesOf = (name: FakeSymbol['market']): readonly Stock[] =>
    stocksThat((symbol) => symbol.market === name && !isFund(symbol));

  const service = (path: string, stocks: readonly Stock[], row: (stock: Stock, day: number) => KrxRow) =>
    [path, (day: number) => (day < FIRST_DAY ? [] : stocks.map((stock) => row(stock, day)))] as const;
  const [kospi, kosdaq, konex] = [sharesOf('KOSPI'), sharesOf('KOSDAQ'), sharesOf('KONEX')];
  const etfs = stocksThat((symbol) => kindOf(symbol) === 'ETF');
  const share = (stock: Stock, day: number): KrxRow => shareRow(market, stock, day);
  return new Map([
    service('sto/stk_bydd_trd', kospi, share),
    service('sto/ksq_bydd_trd', kosdaq, share),
    service('sto/knx_bydd_trd', konex, share),
    service('sto/stk_isu_base_info', kospi, infoRow),
    service('sto/ksq_isu_base_info', kosdaq, infoRow),
    service('sto/knx_isu_base_info', konex, infoRow),
    service('etp/etf_bydd_trd', etfs, (stock, day) => etfRow(market, indices, stock, day)),
  ]);
}
