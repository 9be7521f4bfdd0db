import { inspect } from 'node:util';
import { readRows } from './blocks.ts';
import { checkOneOf, checkSettings } from './check.ts';
import { type DailyPeriod, dailyPeriods } from './daily-chart.ts';
import { readDatePages } from './date-pages.ts';
import { readDay } from './dates.ts';
import type { KisEndpoint } from './endpoint.ts';
import { readKeyPages } from './key-pages.ts';
import type { CallOptions, Params, Request } from './request.ts';
import type { KisReply } from './transport.ts';

/**
 * Where an endpoint has its dates, such as `{ from: 'FID_INPUT_DATE_1', to: 'FID_INPUT_DATE_2', rows: 'output2', date:
 * 'stck_bsop_date' }`. For rows of one a day, week or month: where a day has several, those that a page had no room for are
 * passed over.
 */
export interface DateWindows {
  /**
   * The parameter of the last day, `YYYYMMDD`. The first page is asked for with the one that is given, or with `''`; each further
   * one up to the day before the last page began.
   */
  readonly to: string;
  /** The parameter of the first day: no page goes further back. Default: as far as KIS has any. */
  readonly from?: string | undefined;
  /** The block of a reply that has the rows. */
  readonly rows: string;
  /** The field of a row that has its day, `YYYYMMDD`. */
  readonly date: string;
  /** What a row is of: the page after one of weeks ends with the week before. Default `'day'`. */
  readonly period?: DailyPeriod | undefined;
}

export interface PageOptions extends CallOptions {
  /** Pages by dates, for an endpoint that has no keys. Default: by KIS's `tr_cont` and keys. */
  readonly byDates?: DateWindows | undefined;
}

export type Pages = AsyncGenerator<KisReply, void, undefined>;

/**
 * The pages of an endpoint, as KIS gave them.
 *
 * Rejects with KisResponseError when the same keys come again, which would go round for ever, and with TypeError for a POST
 * and for bad options.
 */
export async function* paginate(
  request: Request,
  endpoint: KisEndpoint,
  params: Params = {},
  { byDates, signal }: PageOptions = {},
): Pages {
  // What changes something must not be sent again for the sake of a page.
  if (endpoint.method !== 'GET') {
    throw new TypeError(`client: \`endpoint.method\` must be 'GET' for pages, got ${String(endpoint.method)}`);
  }
  if (byDates === undefined) yield* readKeyPages(request, endpoint, params, { signal });
  else yield* readWindows(request, endpoint, params, checkWindows(byDates), { signal });
}

async function* readWindows(
  request: Request,
  endpoint: KisEndpoint,
  params: Params,
  { to, from = '', rows: block, date, period = 'day' }: DateWindows,
  { signal }: CallOptions,
): Pages {
  const pages = readDatePages({
    period,
    lastDate: String(params[to] ?? ''),
    firstDate: String(params[from] ?? ''),
    ask: (lastDate) => request(endpoint, { ...params, [to]: lastDate }, { signal }),
    read: (reply) => readRows(reply, block, date).map((fields) => readDay(fields, date)),
  });
  for await (const { reply } of pages) yield reply;
}

function checkWindows(windows: DateWindows): DateWindows {
  checkSettings('byDates', windows, ['to', 'from', 'rows', 'date', 'period']);
  const { to, from = to, rows, date, period = 'day' } = windows;
  for (const [name, value] of Object.entries({ to, from, rows, date })) {
    if (typeof value === 'string' && value !== '') continue;
    throw new TypeError(`client: \`byDates.${name}\` must be a name, got ${inspect(value, { depth: 0 })}`);
  }
  checkOneOf('byDates.period', period, dailyPeriods);
  return windows;
}
