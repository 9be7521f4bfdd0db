import { KRX } from '../../market/krx.ts';
import type { Market, Quote, Stock } from '../../market/market.ts';
import type { MinuteBar } from '../../market/session.ts';
import { uapiRefusal } from '../../reply.ts';
import type { Endpoint } from '../endpoint.ts';
import { minuteChartHead, minuteFields, msOfDay } from './minute-chart.ts';
import { createStockEndpoint } from './stock-endpoint.ts';

const MAX_ROWS = 30;
const MINUTE_MS = 60_000;

/** 주식당일분봉조회: minutes of today, or of the last session where today has none. */
export function createInquireTimeChart(market: Market): Endpoint {
  return createStockEndpoint(market, {
    path: '/uapi/domestic-stock/v1/quotations/inquire-time-itemchartprice',
    trId: 'FHKST03010200',
    params: ['FID_INPUT_HOUR_1', 'FID_PW_DATA_INCU_YN', 'FID_ETC_CLS_CODE'],
    check: ({ params }) =>
      msOfDay(params.get('FID_INPUT_HOUR_1') ?? '') === undefined ? uapiRefusal('OPSQ2002') : undefined,
    outputs: (stock, quote, { params, nowMs }) => {
      const toMs = msOfDay(params.get('FID_INPUT_HOUR_1') ?? '') ?? 0;
      const yetToCome = quote.phase === 'open' ? flatMinutes(quote, toMs) : [];
      const begun = market.minutes(stock, nowMs, {
        toDay: quote.day,
        toMs,
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
    bars.push({ day, minute, ...prices, volume: 0, totalValue: candle?.tradingValue ?? 0 });
  }
  return bars;
}

/** Until the first trade of a minute KIS shows the volume of the minute before. */
function unsettled({ walk }: Stock, quote: Quote, bars: readonly MinuteBar[]): readonly MinuteBar[] {
  const [newest, ...older] = bars;
  if (quote.phase !== 'open' || newest?.volume !== 0 || newest.minute === 0) return bars;
  return [{ ...newest, volume: walk.minute(newest.day, newest.minute - 1).volume }, ...older];
}
