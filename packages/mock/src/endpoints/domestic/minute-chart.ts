import { dateOf } from '../../market/calendar.ts';
import { KRX } from '../../market/krx.ts';
import type { Quote, Stock } from '../../market/market.ts';
import { minuteMs } from '../../market/minutes.ts';
import type { MinuteBar } from '../../market/session.ts';
import { percentAbove, signToday, timeOfDay, whole } from '../format.ts';
import type { Fields } from '../outputs.ts';

/** `output1` of both minute charts. */
export function minuteChartHead({ symbol }: Stock, quote: Quote): Fields {
  const { price, basePrice, candle } = quote;
  return {
    prdy_vrss: whole(price - basePrice),
    prdy_vrss_sign: signToday(price, quote),
    prdy_ctrt: percentAbove(price, basePrice),
    stck_prdy_clpr: whole(basePrice),
    acml_vol: whole(candle?.volume ?? 0),
    acml_tr_pbmn: whole(candle?.tradingValue ?? 0),
    hts_kor_isnm: symbol.name,
    stck_prpr: whole(price),
  };
}

/** A row of `output2` of both minute charts. */
export function minuteFields(bar: MinuteBar): Fields {
  return {
    stck_bsop_date: dateOf(bar.day),
    stck_cntg_hour: timeOfDay(minuteMs(KRX, bar)),
    stck_prpr: whole(bar.closePrice),
    stck_oprc: whole(bar.openPrice),
    stck_hgpr: whole(bar.highPrice),
    stck_lwpr: whole(bar.lowPrice),
    cntg_vol: whole(bar.volume),
    acml_tr_pbmn: whole(bar.totalValue),
  };
}
