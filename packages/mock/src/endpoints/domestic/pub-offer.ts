import { dateOf, dayOf, koreanTime } from '../../market/calendar.ts';
import { type Offering, offeringsBetween } from '../../market/offerings.ts';
import { uapiRefusal, uapiReply } from '../../reply.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Fields } from '../outputs.ts';

const MAX_ROWS = 100;
/** How long before it begins an offering is announced. */
const NOTICE_DAYS = 60;

/** 예탁원정보(공모주청약일정), newest first. */
export function createPubOffer(seed: number): Endpoint {
  return {
    method: 'GET',
    path: '/uapi/domestic-stock/v1/ksdinfo/pub-offer',
    trIds: { real: ['HHKDB669108C0'], virtual: [] },
    params: ['SHT_CD', 'CTS', 'F_DT', 'T_DT'],
    answer({ params, nowMs }) {
      const fromDay = dayOf(params.get('F_DT') ?? '');
      const toDay = dayOf(params.get('T_DT') ?? '');
      const code = params.get('SHT_CD')?.trim() ?? '';
      if (fromDay === undefined || toDay === undefined || code.length > 9) return uapiRefusal('OPSQ2002');

      const today = koreanTime(nowMs).day;
      const output1 = offeringsBetween(seed, fromDay, Math.min(toDay, today + NOTICE_DAYS))
        .filter((offering) => code === '' || offering.code === code)
        .slice(0, MAX_ROWS)
        .map((offering) => offerFields(offering, today));
      return uapiReply({ output1 });
    },
  };
}

function offerFields(offering: Offering, today: number): Fields {
  const { firstDay, lastDay, paymentDay, listingDay, faceValue } = offering;
  const blanksLeft = (value: number): string => String(value).padStart(12);
  /** In thousands of won. */
  const capital = (shares: number): string => blanksLeft(Math.floor((shares * faceValue) / 1_000));
  return {
    record_date: dateOf(firstDay),
    sht_cd: offering.code,
    isin_name: offering.name,
    fix_subscr_pri: blanksLeft(offering.price),
    face_value: String(faceValue).padStart(9, '0'),
    subscr_dt: `${slashed(firstDay)} ~ ${slashed(lastDay)}`,
    pay_dt: slashed(paymentDay),
    refund_dt: slashed(paymentDay),
    // The day is set once the money has been paid.
    list_dt: today < paymentDay ? '' : slashed(listingDay),
    lead_mgr: offering.manager,
    pub_bf_cap: capital(offering.sharesBefore),
    // KIS's own example has the capital of the new shares here, and not the sum.
    pub_af_cap: capital(offering.sharesOffered),
    assign_stk_qty: blanksLeft(0),
  };
}

/** `YYYY/MM/DD`. */
function slashed(day: number): string {
  return dateOf(day).replace(/(....)(..)(..)/, '$1/$2/$3');
}
