import { dateOf, dayOf } from '../../market/calendar.ts';
import { KRX } from '../../market/krx.ts';
import type { Exchange } from '../../overseas/exchanges.ts';
import type { OverseasMarket } from '../../overseas/overseas-market.ts';
import { inKorea } from '../../overseas/zone.ts';
import { uapiRefusal, uapiReply } from '../../reply.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Fields } from '../outputs.ts';
import { COUNTRY_NAMES, EXCHANGE_NAMES } from './exchange-names.ts';

const NO_KEY = ' '.repeat(20);

/** 해외결제일자조회: the exchanges that are open on a day, and when its trades are settled; one that is missing is closed. */
export function createCountriesHoliday(market: OverseasMarket): Endpoint {
  return {
    method: 'GET',
    path: '/uapi/overseas-stock/v1/quotations/countries-holiday',
    trIds: { real: ['CTOS5011R'], virtual: [] },
    params: ['TRAD_DT', 'CTX_AREA_NK', 'CTX_AREA_FK'],
    answer({ params, isNextPage }) {
      const day = dayOf(params.get('TRAD_DT') ?? '');
      if (day === undefined) return uapiRefusal('OPSQ2002');
      const output = EXCHANGE_NAMES.flatMap(({ exchange: code, productType, marketCode, marketName }): Fields[] => {
        const exchange = market.exchanges.get(code);
        if (!exchange?.venue.isSession(day) || isNextPage) return [];
        const country = COUNTRY_NAMES[exchange.country];
        const settled = settlementDay(exchange, day);
        return [
          {
            prdt_type_cd: productType,
            tr_natn_cd: country.code,
            tr_natn_name: country.name,
            natn_eng_abrv_cd: exchange.country,
            tr_mket_cd: marketCode,
            tr_mket_name: marketName,
            acpl_sttl_dt: dateOf(settled),
            dmst_sttl_dt: dateOf(koreanSettlementDay(exchange, settled)),
          },
        ];
      });
      const kisCode = output.length > 0 ? 'KIOK0530' : 'KIOK0560';
      return uapiReply({ ctx_area_nk: NO_KEY, ctx_area_fk: NO_KEY, output }, { kisCode, trCont: 'D' });
    },
  };
}

function settlementDay({ venue, settlesAfter }: Exchange, day: number): number {
  let settled = day;
  for (let left = settlesAfter; left > 0; ) {
    settled += 1;
    if (venue.isSession(settled)) left -= 1;
  }
  return settled;
}

/** The first business day of Korea on which the settlement there is known: after an American day it is already the next. */
function koreanSettlementDay({ venue, zone }: Exchange, settled: number): number {
  let { day } = inKorea(zone, { day: settled, ofDayMs: venue.openMs + venue.closeMinute * 60_000 });
  while (!KRX.isSession(day)) day += 1;
  return day;
}
