import { readRows } from '../blocks.ts';
import { checkDate } from '../check.ts';
import { readDay } from '../dates.ts';
import type { KisEndpoint } from '../endpoint.ts';
import { KisResponseError } from '../errors.ts';
import { readFlag } from '../fields.ts';
import { koreanDate, koreanDayMs } from '../korean-time.ts';
import { untilAborted } from '../on-abort.ts';
import { paginate } from '../paginate.ts';
import type { QuoteSource } from '../quote-source.ts';
import type { CallOptions, Request } from '../request.ts';

/** What is open on a day in Korea. */
export interface MarketDay {
  /** `YYYYMMDD`. KIS: `bass_dt`. */
  readonly date: string;
  /** Of banks. KIS: `bzdy_yn`. */
  readonly isBusinessDay: boolean;
  /** Of securities firms. KIS: `tr_day_yn`. */
  readonly isTradingDay: boolean;
  /** Whether the exchange is open: the one that counts for orders and quotes. KIS: `opnd_yn`. */
  readonly isOpen: boolean;
  /** Whether trades are settled. KIS: `sttl_day_yn`. */
  readonly isSettlementDay: boolean;
}

export interface HolidayOptions extends CallOptions {
  /** `YYYYMMDD`: the first of the days. KIS: `BASS_DT`. */
  readonly from: string;
}

export type GetHolidays = (options: HolidayOptions) => Promise<MarketDay[]>;

const endpoint: KisEndpoint = {
  method: 'GET',
  path: '/uapi/domestic-stock/v1/quotations/chk-holiday',
  trId: { real: 'CTCA0903R' },
};

/** From the day that is asked for. */
const days = 31;
const dayMs = 86_400_000;
const mostKept = 24;

/**
 * KIS wants to be asked about once a day: its answers are kept until the day ends in Korea, and callers who come at once share
 * one call, which goes on when one of them is aborted.
 */
export function createHolidays({ request, nowMs }: QuoteSource): GetHolidays {
  let keptOn = '';
  let kept = new Map<string, Promise<readonly MarketDay[]>>();

  function read(from: string): Promise<readonly MarketDay[]> {
    const answers = kept;
    const answer = readDays(request, from);
    const [oldest] = answers.keys();
    if (oldest !== undefined && answers.size >= mostKept) answers.delete(oldest);
    answers.set(from, answer);
    answer.catch(() => {
      if (answers.get(from) === answer) answers.delete(from);
    });
    return answer;
  }

  return async ({ from, signal }) => {
    checkDate('from', from);
    const today = koreanDate(nowMs());
    if (today !== keptOn) {
      keptOn = today;
      kept = new Map();
    }
    signal?.throwIfAborted();
    const answer = await untilAborted(kept.get(from) ?? read(from), signal);
    return answer.map((day) => ({ ...day }));
  };
}

async function readDays(request: Request, from: string): Promise<readonly MarketDay[]> {
  const found = new Map<string, MarketDay>();
  const fromMs = koreanDayMs(from) ?? 0;
  const last = koreanDate(fromMs + (days - 1) * dayMs);
  const wanted = Array.from({ length: days }, (_, index) => koreanDate(fromMs + index * dayMs));
  for await (const reply of paginate(request, endpoint, { BASS_DT: from, CTX_AREA_NK: '', CTX_AREA_FK: '' })) {
    for (const fields of readRows(reply, 'output', 'bass_dt')) {
      const { date } = readDay(fields, 'bass_dt');
      found.set(date, {
        date,
        isBusinessDay: readFlag(fields, 'bzdy_yn'),
        isTradingDay: readFlag(fields, 'tr_day_yn'),
        isOpen: readFlag(fields, 'opnd_yn'),
        isSettlementDay: readFlag(fields, 'sttl_day_yn'),
      });
    }
    if ([...found.keys()].some((date) => date >= last)) break;
  }
  // KIS's table may end sooner; without the first day it told nothing, and that is not to be kept.
  const end = wanted.findIndex((date) => !found.has(date));
  const told = end === -1 ? wanted : wanted.slice(0, end);
  if (told.length === 0) throw new KisResponseError({ expected: `the day ${from}`, where: 'output', status: 200 });
  return told.flatMap((date) => found.get(date) ?? []);
}
