import { readBlock, readRows } from './blocks.ts';
import { readPrices } from './candle.ts';
import { koreanInstantMs } from './korean-time.ts';
import { type Minute, settle } from './minutes.ts';
import type { KisReply } from './transport.ts';

/** What one reply has, newest first. */
export interface MinutePage {
  readonly minutes: readonly Minute[];
  /** Nothing was traded on the day of its oldest minute before that. */
  readonly isDayStart: boolean;
  /** KIS has no earlier minute of that session. */
  readonly isLast: boolean;
}

/** How many minutes of a session KIS gives to a call. */
const sessionRows = 30;

/** The newest page of a chart, up to `nowMs`. */
export function readNewestPage(reply: KisReply, nowMs: number): MinutePage {
  const [latest] = upTo(nowMs, readMinutes(reply));
  const page = readSessionPage(reply, nowMs, latest?.date ?? '');
  const minutes = settle(page.minutes);
  const volume = minutes.reduce((total, minute) => total + minute.volume, 0);
  const isWholeDay = volume === readBlock(reply, 'output1', {}).optionalNumber('acml_vol');
  return { ...page, minutes, isDayStart: page.isLast || isWholeDay };
}

/** Of the session of that date. */
export function readSessionPage(reply: KisReply, endMs: number, date: string): MinutePage {
  const all = readMinutes(reply).filter((minute) => minute.date === date);
  // Those after `endMs` count, too: they take the places of earlier ones.
  const isLast = all.length < sessionRows;
  return { minutes: upTo(endMs, all), isDayStart: isLast, isLast };
}

/** Of any days: its rows run on from one into that before. */
export function readPastPage(reply: KisReply, endMs: number): MinutePage {
  return { minutes: upTo(endMs, readMinutes(reply)), isDayStart: false, isLast: false };
}

/** Each once and none after `endMs`, so that each page begins before the last one ended. */
function upTo(endMs: number, minutes: readonly Minute[]): readonly Minute[] {
  return minutes
    .filter(({ startMs }) => startMs <= endMs)
    .sort((a, b) => b.startMs - a.startMs)
    .filter(({ startMs }, index, all) => startMs !== all[index - 1]?.startMs);
}

function readMinutes(reply: KisReply): Minute[] {
  return readRows(reply, 'output2', 'stck_bsop_date').map((fields) => {
    const date = fields.text('stck_bsop_date');
    const startMs = koreanInstantMs(date, fields.text('stck_cntg_hour'));
    if (startMs === undefined) throw fields.fault('stck_cntg_hour', `a time of ${date}`);
    return {
      date,
      startMs,
      ...readPrices(fields),
      closePrice: fields.number('stck_prpr'),
      volume: fields.number('cntg_vol'),
      totalValue: fields.number('acml_tr_pbmn'),
    };
  });
}
