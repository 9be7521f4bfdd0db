import { inspect } from 'node:util';
import { readRows } from '../blocks.ts';
import { checkDate } from '../check.ts';
import { optionalDate } from '../dates.ts';
import type { KisEndpoint } from '../endpoint.ts';
import type { Fields } from '../fields.ts';
import { koreanDayMs } from '../korean-time.ts';
import { paginate } from '../paginate.ts';
import type { CallOptions, Request } from '../request.ts';

/** Shares that are offered to everybody before they are listed. Dates are `YYYYMMDD`. */
export interface Ipo {
  /** Which may be one for the time being. KIS: `sht_cd`. */
  readonly stockCode: string;
  /** KIS: `isin_name`. */
  readonly stockName: string;
  /** The first day on which one may subscribe. KIS: `subscr_dt`. */
  readonly subscriptionStart?: string | undefined;
  /** The last one. KIS: `subscr_dt`. */
  readonly subscriptionEnd?: string | undefined;
  /** Won; undefined until it is fixed. KIS: `fix_subscr_pri`. */
  readonly offerPrice?: number | undefined;
  /** Won. KIS: `face_value`. */
  readonly faceValue?: number | undefined;
  /** KIS: `pay_dt`. */
  readonly paymentDate?: string | undefined;
  /** KIS: `refund_dt`. */
  readonly refundDate?: string | undefined;
  /** Undefined until it is set. KIS: `list_dt`. */
  readonly listingDate?: string | undefined;
  /** KIS: `lead_mgr`. */
  readonly leadManagers: readonly string[];
}

export interface IpoScheduleOptions extends CallOptions {
  /** `YYYYMMDD`: those whose record date, usually the first day of subscription, is from this day … KIS: `F_DT`. */
  readonly from: string;
  /** … to this one. KIS: `T_DT`. */
  readonly to: string;
  /** Of one stock alone. KIS: `SHT_CD`. */
  readonly code?: string | undefined;
}

const endpoint: KisEndpoint = {
  method: 'GET',
  path: '/uapi/domestic-stock/v1/ksdinfo/pub-offer',
  trId: { real: 'HHKDB669108C0' },
};

export async function getIpoSchedule(request: Request, options: IpoScheduleOptions): Promise<Ipo[]> {
  const from = checkDate('from', options.from);
  const to = checkDate('to', options.to);
  if (from > to) throw new RangeError(`client: \`to\` must not be before \`from\`, got ${from} to ${to}`);
  const code = options.code === undefined ? '' : checkCode(options.code);
  const offers: { readonly date: string; readonly ipo: Ipo }[] = [];
  const params = { SHT_CD: code, CTS: '', F_DT: from, T_DT: to };
  for await (const reply of paginate(request, endpoint, params, options)) {
    for (const fields of readRows(reply, 'output1', 'sht_cd')) {
      offers.push({ date: optionalDate(fields, 'record_date') ?? '', ipo: readIpo(fields) });
    }
  }
  return offers.sort((a, b) => b.date.localeCompare(a.date)).map(({ ipo }) => ipo);
}

function readIpo(fields: Fields): Ipo {
  const [subscriptionStart, subscriptionEnd] = readPeriod(fields, 'subscr_dt');
  return {
    stockCode: fields.text('sht_cd'),
    stockName: fields.text('isin_name'),
    subscriptionStart,
    subscriptionEnd,
    offerPrice: fields.optionalNumber('fix_subscr_pri') || undefined,
    faceValue: fields.optionalNumber('face_value'),
    paymentDate: optionalDate(fields, 'pay_dt'),
    refundDate: optionalDate(fields, 'refund_dt'),
    listingDate: optionalDate(fields, 'list_dt'),
    leadManagers: (fields.optionalText('lead_mgr') ?? '').split(/\s*[,/]\s*/).filter((name) => name !== ''),
  };
}

/** `2024/03/25 ~ 2024/03/26`; a date alone is both. */
function readPeriod(fields: Fields, name: string): readonly (string | undefined)[] {
  const text = fields.optionalText(name);
  if (text === undefined) return [];
  const dates = text.split('~').map((date) => date.trim().replaceAll(/[/.-]/g, ''));
  const [start, end = start] = dates;
  if (dates.length > 2 || [start, end].some((date) => koreanDayMs(date ?? '') === undefined)) {
    throw fields.fault(name, 'a period of two dates');
  }
  return [start, end];
}

/** Also one for the time being, which is longer. */
function checkCode(code: string): string {
  if (typeof code === 'string' && /^[0-9A-Z]{6,9}$/.test(code)) return code;
  throw new TypeError(`client: \`code\` must be a string of 6 to 9 digits or capital letters, got ${inspect(code)}`);
}
