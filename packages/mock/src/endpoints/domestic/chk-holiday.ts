import { dateOf, dayOf, isKoreanHoliday, isWeekend, koreanTime, weekdayOf } from '../../market/calendar.ts';
import { KRX } from '../../market/krx.ts';
import { uapiRefusal, uapiReply } from '../../reply.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Fields } from '../outputs.ts';

const DAYS_A_PAGE = 24;
const KEY_WIDTH = 20;

/** 국내휴장일조회: page by page from `BASS_DT` to the end of next year. */
export function createChkHoliday(): Endpoint {
  return {
    method: 'GET',
    path: '/uapi/domestic-stock/v1/quotations/chk-holiday',
    trIds: { real: ['CTCA0903R'], virtual: [] },
    params: ['BASS_DT', 'CTX_AREA_NK', 'CTX_AREA_FK'],
    answer({ params, isNextPage, nowMs }) {
      const asked = dayOf(params.get('BASS_DT') ?? '');
      if (asked === undefined) return uapiRefusal('OPSQ2002');
      const first = (isNextPage ? dayOf(params.get('CTX_AREA_NK')?.trim() ?? '') : undefined) ?? asked;
      const nextYear = Number(dateOf(koreanTime(nowMs).day).slice(0, 4)) + 1;
      const last = dayOf(`${nextYear}1231`) ?? first;
      const count = Math.max(0, Math.min(DAYS_A_PAGE, last - first + 1));

      const output = Array.from({ length: count }, (_, n) => dayFields(first + n));
      const hasMore = first + count <= last;
      const key = (text: string): string => text.padEnd(KEY_WIDTH);
      return uapiReply(
        {
          ctx_area_nk: key(hasMore ? dateOf(first + count) : ''),
          ctx_area_fk: key(dateOf(asked)),
          output,
        },
        {
          kisCode: hasMore ? 'KIOK0500' : output.length > 0 ? 'KIOK0460' : 'KIOK0560',
          trCont: hasMore ? (isNextPage ? 'M' : 'F') : isNextPage ? 'E' : 'D',
        },
      );
    },
  };
}

const yes = (is: boolean): string => (is ? 'Y' : 'N');

/** On the last day of a year banks are open and the exchange is not. */
function dayFields(day: number): Fields {
  const isWorkday = !isWeekend(day) && (!isKoreanHoliday(day) || dateOf(day).endsWith('1231'));
  const isOpen = yes(KRX.isSession(day));
  return {
    bass_dt: dateOf(day),
    wday_dvsn_cd: `0${weekdayOf(day) + 1}`,
    bzdy_yn: yes(isWorkday),
    tr_day_yn: yes(isWorkday),
    opnd_yn: isOpen,
    sttl_day_yn: isOpen,
  };
}
