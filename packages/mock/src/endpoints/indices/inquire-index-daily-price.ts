import { dateOf, dayOf, FIRST_DAY } from '../../market/calendar.ts';
import type { Breadth, Indices, StockIndex } from '../../market/indices.ts';
import type { Market, Quote } from '../../market/market.ts';
import type { Candle } from '../../market/session.ts';
import { invalidParam, uapiRefusal } from '../../reply.ts';
import type { Endpoint } from '../endpoint.ts';
import { decimal, percentAbove, signOf, whole } from '../format.ts';
import type { Fields } from '../outputs.ts';
import { createIndexEndpoint } from '../quote-endpoint.ts';
import { periodOf } from '../read-params.ts';
import { indexVolume, millions, points } from './index-format.ts';

const MAX_ROWS = 100;
const AVERAGED_ROWS = 20;
const MOOD_ROWS = 10;

/** 국내업종 일자별지수: 100 days, weeks or months up to a date. */
export function createInquireIndexDailyPrice(market: Market, indices: Indices): Endpoint {
  return createIndexEndpoint(market, indices, {
    path: '/uapi/domestic-stock/v1/quotations/inquire-index-daily-price',
    trId: 'FHPUP02120000',
    hosts: 'real alone',
    params: ['FID_PERIOD_DIV_CODE', 'FID_INPUT_DATE_1'],
    read: (params) => {
      const toDay = dayOf(params.get('FID_INPUT_DATE_1') ?? '');
      if (toDay === undefined) return uapiRefusal('OPSQ2002');
      const period = periodOf(params, ['D', 'W', 'M']);
      return period ? { toDay, period } : invalidParam('FID_PERIOD_DIV_CODE');
    },
    outputs: (index, quote, asked, { nowMs }) => {
      // The oldest row, too, is held against those before it.
      const maxRows = MAX_ROWS + AVERAGED_ROWS;
      const rows = market.chart(index, nowMs, { ...asked, fromDay: FIRST_DAY, original: false, maxRows });
      return {
        output1: todayFields(index, quote, indices.breadth(index, nowMs)),
        output2: rows
          .slice(0, MAX_ROWS)
          .map((_, n) => rowFields(index, quote.candle, rows.slice(n, n + AVERAGED_ROWS))),
      };
    },
  });
}

function todayFields(index: StockIndex, quote: Quote, breadth: Breadth): Fields {
  const { price, basePrice, candle, previous, day } = quote;
  const { thisYear } = index.extremes.upTo(day, candle);
  return {
    bstp_nmix_prpr: points(price),
    bstp_nmix_prdy_vrss: points(price - basePrice),
    prdy_vrss_sign: signOf(price - basePrice),
    bstp_nmix_prdy_ctrt: percentAbove(price, basePrice),
    acml_vol: indexVolume(candle),
    acml_tr_pbmn: millions(candle ? index.tradingValue(candle) : 0),
    bstp_nmix_oprc: points(candle?.openPrice ?? 0),
    bstp_nmix_hgpr: points(candle?.highPrice ?? 0),
    bstp_nmix_lwpr: points(candle?.lowPrice ?? 0),
    prdy_vol: indexVolume(previous),
    ascn_issu_cnt: whole(breadth.up),
    down_issu_cnt: whole(breadth.down),
    stnr_issu_cnt: whole(breadth.unchanged),
    uplm_issu_cnt: whole(breadth.upperLimit),
    lslm_issu_cnt: whole(breadth.lowerLimit),
    prdy_tr_pbmn: millions(index.tradingValue(previous)),
    dryy_bstp_nmix_hgpr_date: dateOf(thisYear.high.day),
    dryy_bstp_nmix_hgpr: points(thisYear.high.price),
    dryy_bstp_nmix_lwpr: points(thisYear.low.price),
    dryy_bstp_nmix_lwpr_date: dateOf(thisYear.low.day),
  };
}

/** The first of `rows` is the day, and the others are those before it. */
function rowFields(index: StockIndex, today: Candle | undefined, rows: readonly Candle[]): Fields {
  const [candle] = rows;
  if (!candle) return {};
  const change = candle.closePrice - candle.previousClose;
  const average = rows.reduce((sum, { closePrice }) => sum + closePrice, 0) / rows.length;
  return {
    stck_bsop_date: dateOf(candle.day),
    bstp_nmix_prpr: points(candle.closePrice),
    prdy_vrss_sign: signOf(change),
    bstp_nmix_prdy_vrss: points(change),
    bstp_nmix_prdy_ctrt: percentAbove(candle.closePrice, candle.previousClose),
    bstp_nmix_oprc: points(candle.openPrice),
    bstp_nmix_hgpr: points(candle.highPrice),
    bstp_nmix_lwpr: points(candle.lowPrice),
    // In KIS's own replies it is today's volume in percent of the row's.
    acml_vol_rlim: decimal(((today?.volume ?? 0) / candle.volume) * 100),
    acml_vol: indexVolume(candle),
    acml_tr_pbmn: millions(index.tradingValue(candle)),
    invt_new_psdg: decimal(moodOf(rows.slice(0, MOOD_ROWS))),
    d20_dsrt: decimal((candle.closePrice / average) * 100),
  };
}

/** How much of all movement went up, from -100 to 100 percent. */
function moodOf(rows: readonly Candle[]): number {
  const changes = rows.map(({ closePrice, previousClose }) => closePrice - previousClose);
  const sum = (of: (change: number) => number): number => changes.reduce((total, change) => total + of(change), 0);
  const moved = sum(Math.abs);
  return moved === 0 ? 0 : (sum((change) => change) / moved) * 100;
}
