import { dateOf } from '../../market/calendar.ts';
import { unit } from '../../market/noise.ts';
import type { OverseasMarket, OverseasStock } from '../../overseas/overseas-market.ts';
import type { Endpoint } from '../endpoint.ts';
import { whole } from '../format.ts';
import { createOverseasEndpoint } from './overseas-endpoint.ts';
import { priceText, todayFields, valueText } from './overseas-format.ts';

/** 해외주식 현재가상세, in the order of KIS's own example. What is in won of the day before KIS does not tell: zeros, and an empty `p_rate`. */
export function createOverseasPriceDetail(market: OverseasMarket): Endpoint {
  return createOverseasEndpoint(market, {
    name: 'price-detail',
    trId: 'HHDFS76200200',
    hosts: 'real alone',
    outputs: (stock, quote, _asked, { rsym, nowMs }) => {
      const { symbol, exchange, extremes } = stock;
      const { price, basePrice, candle, previous, day } = quote;
      const { upper, lower } = exchange.venue.limits(basePrice);
      const { high, low } = extremes.upTo(day, candle).weeks52;
      const { sign, rate } = todayFields(quote, exchange);
      const wonRate = market.wonRate(exchange.currency, nowMs);
      const unitPrice = price / 10 ** exchange.decimals;
      const won = (units: number): string => String(Math.floor((units * wonRate) / 10 ** exchange.decimals));
      const money = (units: number): string => priceText(units, exchange);
      const company = companyOf(stock);
      return {
        output: {
          rsym,
          zdiv: String(exchange.decimals),
          curr: exchange.currency,
          vnit: String(symbol.lot),
          open: money(candle?.openPrice ?? 0),
          high: money(candle?.highPrice ?? 0),
          low: money(candle?.lowPrice ?? 0),
          last: money(price),
          base: money(basePrice),
          pvol: whole(previous.volume),
          pamt: valueText(previous.tradingValue, exchange),
          uplp: money(upper),
          dnlp: money(lower),
          h52p: money(high.price),
          h52d: dateOf(high.day),
          l52p: money(low.price),
          l52d: dateOf(low.day),
          perx: ratio(unitPrice, company.earningsPerShare),
          pbrx: ratio(unitPrice, company.bookPerShare),
          epsx: company.earningsPerShare.toFixed(2),
          bpsx: company.bookPerShare.toFixed(2),
          shar: whole(symbol.listedShares),
          mcap: whole(symbol.listedShares / 1_000),
          tomv: valueText(price * symbol.listedShares, exchange),
          t_xprc: won(price),
          t_xdif: won(Math.abs(price - basePrice)),
          t_xrat: rate,
          p_xprc: '0',
          p_xdif: '0',
          p_xrat: ' 0.00',
          t_rate: wonRate.toFixed(2),
          p_rate: '',
          t_xsgn: sign,
          p_xsng: '3',
          e_ordyn: '매매 가능',
          e_hogau: money(exchange.venue.tickUp(price + 1) - price),
          e_icod: symbol.sector,
          e_parp: money(0),
          tvol: whole(candle?.volume ?? 0),
          tamt: valueText(candle?.tradingValue ?? 0, exchange),
          etyp_nm: symbol.leverage > 0 ? 'ETF' : '',
        },
      };
    },
  });
}

/** What a company earns and owns per share, in its currency and settled by the seed; of a fund there is none. */
function companyOf({ symbol, seed }: OverseasStock): {
  readonly earningsPerShare: number;
  readonly bookPerShare: number;
} {
  if (symbol.leverage > 0) return { earningsPerShare: 0, bookPerShare: 0 };
  const perShare = (ratio: number): number => Math.round((symbol.usualPrice / ratio) * 100) / 100;
  return { earningsPerShare: perShare(8 + 40 * unit(seed, 1, 0)), bookPerShare: perShare(1 + 12 * unit(seed, 1, 1)) };
}

function ratio(price: number, perShare: number): string {
  return (perShare === 0 ? 0 : price / perShare).toFixed(2);
}
