import { readBlock, readRows } from '../blocks.ts';
import type { DailyPeriod } from '../daily-chart.ts';
import { readNewestRows } from '../date-pages.ts';
import type { KisEndpoint } from '../endpoint.ts';
import type { Fields } from '../fields.ts';
import type { CallOptions, Request } from '../request.ts';
import { createUnknownError, isNothing } from '../unknown-stock.ts';
import { describeStock, type OverseasStock, stockParams, timeZones } from './exchanges.ts';
import { createLocalTime, type LocalTime } from './local-time.ts';
import { type OverseasCandle, readPrices } from './overseas-candle.ts';

const endpoint: KisEndpoint = {
  method: 'GET',
  path: '/uapi/overseas-price/v1/quotations/dailyprice',
  trId: 'HHDFS76240000',
};

/** KIS: `GUBN`. */
const periodCodes: Readonly<Record<DailyPeriod, string>> = { day: '0', week: '1', month: '2' };

export function getOverseasDays(
  request: Request,
  stock: OverseasStock,
  options: CallOptions & { readonly period: DailyPeriod; readonly count: number; readonly adjusted: boolean },
): Promise<OverseasCandle[]> {
  const { period, count, adjusted, signal } = options;
  const params = { ...stockParams(stock), GUBN: periodCodes[period], MODP: adjusted ? '1' : '0', KEYB: '' };
  const instantMs = createLocalTime(timeZones[stock.exchange]);
  return readNewestRows({
    count,
    period,
    // KIS knows what day it is there.
    lastDate: '',
    ask: (lastDate) => request(endpoint, { ...params, BYMD: lastDate }, { signal }),
    read: (reply) => readRows(reply, 'output2', 'xymd').map((fields) => readCandle(fields, stock, instantMs)),
    assertKnown(reply) {
      if (isNothing(readBlock(reply, 'output1', {}), 'nrec')) throw createUnknownError(describeStock(stock), reply);
    },
  });
}

function readCandle(fields: Fields, stock: OverseasStock, instantMs: LocalTime): OverseasCandle {
  const date = fields.text('xymd');
  const startMs = instantMs(date, '000000');
  if (startMs === undefined) throw fields.fault('xymd', 'a date');
  return {
    ...stock,
    date,
    startMs,
    ...readPrices(fields),
    closePrice: fields.number('clos'),
    volume: fields.number('tvol'),
    tradingValue: fields.number('tamt'),
  };
}
