import { dayOf } from '../../market/calendar.ts';
import type { LocalTime } from '../../market/chart.ts';
import { minuteMs } from '../../market/minutes.ts';
import type { MinuteBar } from '../../market/session.ts';
import type { OverseasMarket, OverseasStock } from '../../overseas/overseas-market.ts';
import { inKorea } from '../../overseas/zone.ts';
import { invalidParam, uapiRefusal } from '../../reply.ts';
import type { Endpoint } from '../endpoint.ts';
import { whole } from '../format.ts';
import type { Fields } from '../outputs.ts';
import { createOverseasEndpoint } from './overseas-endpoint.ts';
import { dateAndTime, priceText, valueText } from './overseas-format.ts';

const MAX_ROWS = 120;
const HISTORY_DAYS = 31;

const FORMS: readonly (readonly [name: string, form: RegExp])[] = [
  ['NMIN', /^0*[1-9]\d{0,3}$/],
  ['PINC', /^[01]$/],
  ['NEXT', /^1?$/],
  ['NREC', /^0*[1-9]\d{0,3}$/],
];

/** 해외주식분봉조회: bars of `NMIN` minutes, each named by its first; the next page begins at `KEYB`. */
export function createOverseasTimeChart(market: OverseasMarket): Endpoint {
  return createOverseasEndpoint(market, {
    name: 'inquire-time-itemchartprice',
    trId: 'HHDFS76950200',
    hosts: 'real alone',
    params: ['NMIN', 'PINC', 'NEXT', 'NREC', 'FILL', 'KEYB'],
    read: (params) => {
      const [bad] = FORMS.find(([name, form]) => !form.test(params.get(name) ?? '')) ?? [];
      if (bad) return invalidParam(bad);
      const key = params.get('KEYB') ?? '';
      const keyTime = localTimeOf(key);
      if (key !== '' && !keyTime) return uapiRefusal('OPSQ2002');
      return {
        minutes: Number(params.get('NMIN')),
        to: params.get('NEXT') === '1' ? keyTime : undefined,
        isTodayAlone: params.get('PINC') === '0',
        maxRows: Math.min(MAX_ROWS, Number(params.get('NREC'))),
      };
    },
    outputs: (stock, { day, candle, previous }, { minutes, to, isTodayAlone, maxRows }, question) => {
      const { rsym, isDayMarket, nowMs } = question;
      // Shortly before the open the session is already announced, and nothing of it is traded.
      const dayMarketDay = candle ? day : previous.day;
      const bars = market.bars(stock, nowMs, {
        minutes,
        to,
        fromDay: isDayMarket ? dayMarketDay : isTodayAlone ? day : day - HISTORY_DAYS,
        // One more than is shown tells whether there is a next page.
        maxRows: maxRows + 1,
      });
      const isMore = bars.length > maxRows ? '1' : '0';
      const shown = bars.slice(0, maxRows);
      return {
        output1: {
          rsym,
          zdiv: String(stock.exchange.decimals),
          ...hours(stock, day),
          next: isMore,
          more: isMore,
          nrec: String(shown.length),
        },
        output2: shown.map((bar) => barFields(stock, bar)),
      };
    },
  });
}

/** The time of a `YYYYMMDDHHMMSS`, or undefined when there is none such. */
function localTimeOf(key: string): LocalTime | undefined {
  const [, date = '', hour, minute, second] = /^(\d{8})([01]\d|2[0-3])([0-5]\d)([0-5]\d)$/.exec(key) ?? [];
  const day = dayOf(date);
  if (day === undefined) return undefined;
  return { day, ofDayMs: ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1_000 };
}

function hours({ exchange: { venue, zone } }: OverseasStock, day: number): Fields {
  const open = { day, ofDayMs: venue.openMs };
  const close = { day, ofDayMs: venue.openMs + venue.closeMinute * 60_000 };
  return {
    stim: dateAndTime(open).time,
    etim: dateAndTime(close).time,
    sktm: dateAndTime(inKorea(zone, open)).time,
    ektm: dateAndTime(inKorea(zone, close)).time,
  };
}

function barFields({ exchange }: OverseasStock, bar: MinuteBar): Fields {
  const there = { day: bar.day, ofDayMs: minuteMs(exchange.venue, bar) };
  const local = dateAndTime(there);
  const korean = dateAndTime(inKorea(exchange.zone, there));
  return {
    tymd: local.date,
    xymd: local.date,
    xhms: local.time,
    kymd: korean.date,
    khms: korean.time,
    open: priceText(bar.openPrice, exchange),
    high: priceText(bar.highPrice, exchange),
    low: priceText(bar.lowPrice, exchange),
    last: priceText(bar.closePrice, exchange),
    evol: whole(bar.volume),
    // Of rounded totals, so that the bars of a session add up to its `tamt`.
    eamt: String(Number(valueText(bar.totalValue, exchange)) - Number(valueText(bar.valueBefore, exchange))),
  };
}
