import type { OverseasMarket } from '../../overseas/overseas-market.ts';
import type { Endpoint } from '../endpoint.ts';
import { whole } from '../format.ts';
import { createOverseasEndpoint } from './overseas-endpoint.ts';
import { priceText, todayFields, valueText } from './overseas-format.ts';

/** 해외주식 현재체결가. */
export function createOverseasPrice(market: OverseasMarket): Endpoint {
  return createOverseasEndpoint(market, {
    name: 'price',
    trId: 'HHDFS00000300',
    outputs: ({ exchange }, quote, _asked, { rsym }) => {
      const { sign, diff, rate } = todayFields(quote, exchange);
      return {
        output: {
          rsym,
          zdiv: String(exchange.decimals),
          base: priceText(quote.basePrice, exchange),
          pvol: whole(quote.previous.volume),
          last: priceText(quote.price, exchange),
          sign,
          diff,
          rate,
          tvol: whole(quote.candle?.volume ?? 0),
          tamt: valueText(quote.candle?.tradingValue ?? 0, exchange),
          ordy: '매수주문 가능',
        },
      };
    },
  });
}
