import { dateOf, dayOf, nextPeriodStart, type Period, periodStart } from '../../market/calendar.ts';
import type { Candle } from '../../market/session.ts';
import { lastStep, sessionBefore } from '../../market/venue.ts';
import { overseasBook } from '../../overseas/overseas-book.ts';
import type { OverseasMarket, OverseasQuote, OverseasStock } from '../../overseas/overseas-market.ts';
import { invalidParam, uapiRefusal } from '../../reply.ts';
import type { Endpoint } from '../endpoint.ts';
import { whole } from '../format.ts';
import type { Fields } from '../outputs.ts';
import { createOverseasEndpoint } from './overseas-endpoint.ts';
import { changeFields, priceText, valueText } from './overseas-format.ts';

const MAX_ROWS = 100;

/** KIS: `GUBN`. */
const PERIODS: ReadonlyMap<string, Period> = new Map([
  ['0', 'D'],
  ['1', 'W'],
  ['2', 'M'],
]);

/** 해외주식 기간별시세. `MODP` is `1` for adjusted prices: the other way round than the domestic chart's flag. */
export function createOverseasDailyPrice(market: OverseasMarket): Endpoint {
  return createOverseasEndpoint(market, {
    name: 'dailyprice',
    trId: 'HHDFS76240000',
    params: ['GUBN', 'BYMD', 'MODP'],
    read: (params) => {
      const period = PERIODS.get(params.get('GUBN') ?? '');
      if (!period) return invalidParam('GUBN');
      const isAdjusted = params.get('MODP') ?? '';
      if (!/^[01]$/.test(isAdjusted)) return invalidParam('MODP');
      const date = params.get('BYMD') ?? '';
      const toDay = dayOf(date);
      if (date !== '' && toDay === undefined) return uapiRefusal('OPSQ2002');
      return { toDay, period, maxRows: MAX_ROWS, original: isAdjusted === '0' };
    },
    outputs: (stock, quote, range, { rsym, nowMs }) => {
      const rows = market.chart(stock, nowMs, range);
      return {
        output1: { rsym, zdiv: String(stock.exchange.decimals), nrec: String(rows.length) },
        output2: rows.map((row) => rowFields(stock, row, momentOf(stock, row, range.period, quote))),
      };
    },
  });
}

type Moment = Pick<OverseasQuote, 'day' | 'step'>;

/** The last session of a row, as far as it has come. */
function momentOf({ exchange: { venue } }: OverseasStock, row: Candle, period: Period, quote: OverseasQuote): Moment {
  const day = sessionBefore(venue, nextPeriodStart(periodStart(row.day, period), period));
  if (day < quote.day) return { day, step: lastStep(venue) };
  return quote.candle ? quote : { day: quote.previous.day, step: lastStep(venue) };
}

function rowFields(stock: OverseasStock, row: Candle, { day, step }: Moment): Fields {
  const { exchange } = stock;
  const { closePrice, previousClose } = row;
  const { asks, bids } = overseasBook(stock, { day, step, price: closePrice, basePrice: closePrice });
  const money = (units: number): string => priceText(units, exchange);
  return {
    xymd: dateOf(row.day),
    clos: money(closePrice),
    ...changeFields(closePrice, previousClose, exchange),
    open: money(row.openPrice),
    high: money(row.highPrice),
    low: money(row.lowPrice),
    tvol: whole(row.volume),
    tamt: valueText(row.tradingValue, exchange),
    pbid: money(bids[0]?.price ?? 0),
    vbid: whole(bids[0]?.volume ?? 0),
    pask: money(asks[0]?.price ?? 0),
    vask: whole(asks[0]?.volume ?? 0),
  };
}
