import { KRX } from '../../market/krx.ts';
import type { Market, Quote, Stock } from '../../market/market.ts';
import type { MinuteBar } from '../../market/session.ts';
import { uapiRefusal } from '../../reply.ts';
import type { Endpoint } from '../endpoint.ts';
import { createStockEndpoint } from '../quote-endpoint.ts';
import { msOfDay } from '../read-params.ts';
import { minuteChartHead, minuteFields } from './minute-chart.ts';

const MAX_ROWS = 30;
const MINUTE_MS = 60_000;

/** 주식당일분봉조회: minutes of today, or of the last session where today has none. */
export function createInquireTimeChart(market: Market): Endpoint {
  return createStockEndpoint(market, {
    path: '/uapi/domestic-stock/v1/quotations/inquire-time-itemchartprice',
    trId: 'FHKST03010200',
    params: ['FID_INPUT_HOUR_1', 'FID_PW_DATA_INCU_YN', 'FID_ETC_CLS_CODE'],
    read: (params) => {
      const toMs = msOfDay(params);
      return toMs === undefined ? uapiRefusal('OPSQ2002') : { toMs };
    },
    outputs: (stock, quote, { toMs }, { nowMs }) => {
      const yetToCome = quote.phase === 'open' ? flatMinutes(quote, toMs) : [];
      const begun = market.minutes(stock, nowMs, {
        to: { day: quote.day, ofDayMs: toMs },
        fromDay: quote.day,
        maxRows: MAX_ROWS - yetToCome.length,
      });
      const rows = [...yetToCome, ...unsettled(stock, quote, begun)];
      return { output1: minuteChartHead(stock, quote), output2: rows.map(minuteFields) };
    },
  });
}

/** An hour that is yet to come is answered by flat bars at the price of now. */
function flatMinutes({ day, ofDayMs, price, candle }: Quote, toMs: number): readonly MinuteBar[] {
  const bars: MinuteBar[] = [];
  const minuteOf = (ms: number): number => Math.floor((ms - KRX.openMs) / MINUTE_MS);
  let minute = Math.min(minuteOf(toMs), KRX.closeMinute);
  for (; minute > minuteOf(ofDayMs) && bars.length < MAX_ROWS; minute--) {
    if (minute >= KRX.tradingMinutes && minute !== KRX.closeMinute) continue;
    const prices = { openPrice: price, highPrice: price, lowPrice: price, closePrice: price };
    const soFar = candle?.tradingValue ?? 0;
    bars.push({ day, minute, ...prices, volume: 0, valueBefore: soFar, totalValue: soFar });
  }
  return bars;
}

/** Until the first trade of a minute KIS shows the volume of the minute before. */
function unsettled({ walk }: Stock, quote: Quote, bars: readonly MinuteBar[]): readonly MinuteBar[] {
  const [newest, ...older] = bars;
  if (quote.phase !== 'open' || newest?.volume !== 0 || newest.minute === 0) return bars;
  return [{ ...newest, volume: walk.bar(newest.day, newest.minute - 1, 1).volume }, ...older];
}
