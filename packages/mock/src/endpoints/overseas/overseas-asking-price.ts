import { type Level, totalOf } from '../../market/order-book.ts';
import { overseasBook } from '../../overseas/overseas-book.ts';
import type { OverseasMarket, OverseasQuote, OverseasStock } from '../../overseas/overseas-market.ts';
import type { Endpoint } from '../endpoint.ts';
import { whole } from '../format.ts';
import type { Fields } from '../outputs.ts';
import { createOverseasEndpoint } from './overseas-endpoint.ts';
import { dateAndTime, priceText, rateText } from './overseas-format.ts';

/** 해외주식 현재가 호가. Outside America the best bid and ask alone. */
export function createOverseasAskingPrice(market: OverseasMarket): Endpoint {
  return createOverseasEndpoint(market, {
    name: 'inquire-asking-price',
    trId: 'HHDFS76200100',
    hosts: 'real alone',
    outputs: (stock, quote, _asked, { rsym }) => {
      const { asks, bids } = overseasBook(stock, quote);
      const money = (units: number): string => priceText(units, stock.exchange);
      return {
        output1: { rsym, ...totals(stock, quote, asks, bids) },
        output2: {
          ...numbered('pbid', bids, ({ price }) => money(price)),
          ...numbered('pask', asks, ({ price }) => money(price)),
          ...numbered('vbid', bids, ({ volume }) => whole(volume)),
          ...numbered('vask', asks, ({ volume }) => whole(volume)),
          ...numbered('dbid', bids, ({ volumeChange }) => whole(volumeChange)),
          ...numbered('dask', asks, ({ volumeChange }) => whole(volumeChange)),
        },
        output3: { vstm: '', vetm: '', csbp: '', cshi: '', cslo: '', iep: '', iev: '' },
      };
    },
  });
}

function totals(
  { symbol, exchange }: OverseasStock,
  { price, basePrice, candle, time }: OverseasQuote,
  asks: readonly Level[],
  bids: readonly Level[],
): Fields {
  const money = (units: number): string => priceText(units, exchange);
  const rate = (units: number): string => rateText(units, basePrice);
  const { date, time: hour } = dateAndTime(time);
  return {
    zdiv: String(exchange.decimals),
    curr: exchange.currency,
    base: money(basePrice),
    open: money(candle?.openPrice ?? 0),
    high: money(candle?.highPrice ?? 0),
    low: money(candle?.lowPrice ?? 0),
    last: money(price),
    dymd: date,
    dhms: hour,
    bvol: whole(totalOf(bids, 'volume')),
    avol: whole(totalOf(asks, 'volume')),
    bdvl: whole(totalOf(bids, 'volumeChange')),
    advl: whole(totalOf(asks, 'volumeChange')),
    code: symbol.symbol,
    ropen: rate(candle?.openPrice ?? basePrice),
    rhigh: rate(candle?.highPrice ?? basePrice),
    rlow: rate(candle?.lowPrice ?? basePrice),
    rclose: rate(price),
  };
}

function numbered(name: string, levels: readonly Level[], text: (level: Level) => string): Fields {
  return Object.fromEntries(levels.map((level, index) => [`${name}${index + 1}`, text(level)]));
}
