import { readBlock, readRows } from '../blocks.ts';
import type { KisEndpoint } from '../endpoint.ts';
import type { Fields } from '../fields.ts';
import { koreanDate, koreanInstantMs, koreanTime } from '../korean-time.ts';
import type { CallOptions, Request } from '../request.ts';
import type { KisReply } from '../transport.ts';
import { createUnknownError } from '../unknown-stock.ts';
import { describeStock, type OverseasStock, stockParams, timeZones } from './exchanges.ts';
import { createLocalTime, type LocalTime } from './local-time.ts';
import { type OverseasCandle, readPrices } from './overseas-candle.ts';

export type OverseasMinutePeriod = '1m' | '2m' | '3m' | '5m' | '10m' | '15m' | '30m' | '60m';

export const overseasMinutes: Readonly<Record<OverseasMinutePeriod, number>> = {
  '1m': 1,
  '2m': 2,
  '3m': 3,
  '5m': 5,
  '10m': 10,
  '15m': 15,
  '30m': 30,
  '60m': 60,
};

const endpoint: KisEndpoint = {
  method: 'GET',
  path: '/uapi/overseas-price/v1/quotations/inquire-time-itemchartprice',
  trId: { real: 'HHDFS76950200' },
};

const mostRows = 120;

export async function getOverseasMinutes(
  request: Request,
  stock: OverseasStock,
  { minutes, count, signal }: CallOptions & { readonly minutes: number; readonly count: number },
): Promise<OverseasCandle[]> {
  const params = { ...stockParams(stock), NMIN: minutes, PINC: '1', FILL: '' };
  const instantMs = createLocalTime(timeZones[stock.exchange]);
  const candles: OverseasCandle[] = [];
  let key = '';
  for (;;) {
    const left = Math.min(mostRows, count - candles.length);
    const place = { NEXT: key === '' ? '' : '1', NREC: left, KEYB: key };
    const reply = await request(endpoint, { ...params, ...place }, { signal });
    const before = candles.at(-1)?.startMs ?? Infinity;
    const page = readRows(reply, 'output2', 'xymd')
      .map((fields) => readMinutes(fields, stock, instantMs))
      .filter(({ candle }) => candle.startMs < before)
      .sort((a, b) => b.candle.startMs - a.candle.startMs)
      .filter(({ candle }, index, all) => candle.startMs !== all[index - 1]?.candle.startMs);
    candles.push(...page.map(({ candle }) => candle));
    const oldest = page.at(-1);
    if (candles.length === 0) assertKnown(stock, reply);
    if (oldest === undefined || candles.length >= count || isLast(reply)) return candles.slice(0, count);
    key = keyBefore(oldest.time, minutes);
  }
}

/** A candle, and the local time that KIS names it by. */
interface Row {
  readonly candle: OverseasCandle;
  readonly time: { readonly date: string; readonly time: string };
}

function readMinutes(fields: Fields, stock: OverseasStock, instantMs: LocalTime): Row {
  const [date, time] = [fields.text('xymd'), fields.text('xhms')];
  const startMs = instantMs(date, time);
  if (startMs === undefined) throw fields.fault('xhms', `a time of ${date}`);
  const candle = {
    ...stock,
    date,
    startMs,
    ...readPrices(fields),
    closePrice: fields.number('last'),
    volume: fields.number('evol'),
    tradingValue: fields.number('eamt'),
  };
  return { candle, time: { date, time } };
}

/** KIS: `KEYB`, which counts back by the digits of a clock, whatever its zone: those of Korea do as well as any. */
function keyBefore({ date, time }: Row['time'], minutes: number): string {
  const ms = (koreanInstantMs(date, time) ?? 0) - minutes * 60_000;
  return koreanDate(ms) + koreanTime(ms);
}

function isLast(reply: KisReply): boolean {
  const fields = readBlock(reply, 'output1', {});
  return ['next', 'more'].every((name) => fields.optionalText(name) === '0');
}

function assertKnown(stock: OverseasStock, reply: KisReply): void {
  const isKnown = readBlock(reply, 'output1', {}).optionalText('stim') !== undefined;
  if (!isKnown) throw createUnknownError(describeStock(stock), reply);
}
