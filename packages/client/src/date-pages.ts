import { dayBefore, koreanDate } from './korean-time.ts';
import type { KisReply } from './transport.ts';

/** Pages that are found by their last day. */
interface DatePages<Row extends { readonly date: string }> {
  /** What a row is of. */
  readonly period: 'day' | 'week' | 'month';
  /** `YYYYMMDD`, up to which the first page is asked for; `''`: whatever is the newest. */
  readonly lastDate: string;
  /** `YYYYMMDD`: no page is asked for up to a day before it. Default: as far as KIS has any. */
  readonly firstDate?: string | undefined;
  ask(lastDate: string): Promise<KisReply>;
  read(reply: KisReply): Row[];
}

/** A reply, and those of its rows that no page had before, newest first. */
interface DatePage<Row> {
  readonly reply: KisReply;
  readonly rows: readonly Row[];
}

/**
 * Page by page, each asked for up to the day before the last one began, which KIS need not keep to. Ends where KIS has nothing of
 * before; the first page is given even so.
 */
export async function* readDatePages<Row extends { readonly date: string }>(
  options: DatePages<Row>,
): AsyncGenerator<DatePage<Row>, void, undefined> {
  const { period, firstDate = '', ask, read } = options;
  let { lastDate } = options;
  for (let isFirst = true; isFirst || lastDate >= firstDate; isFirst = false) {
    const reply = await ask(lastDate);
    const rows = read(reply)
      .filter(({ date }) => isFirst || date <= lastDate)
      .sort((a, b) => b.date.localeCompare(a.date));
    const oldest = rows.at(-1);
    if (isFirst || oldest !== undefined) yield { reply, rows };
    if (oldest === undefined) return;
    lastDate = dayBefore(oldest.date, period);
  }
}

/** The newest rows, by as many pages as they take. */
export async function readNewestRows<Row extends { readonly date: string }>(
  options: DatePages<Row> & {
    readonly count: number;
    /** Throws if the reply, which has no row, is that to an unknown code. */
    assertKnown(reply: KisReply): void;
  },
): Promise<Row[]> {
  const { count, ask, assertKnown } = options;
  const found: Row[] = [];

  async function askUpToToday(lastDate: string): Promise<KisReply> {
    const reply = await ask(lastDate);
    const today = koreanDate(reply.dateMs);
    // Until the first reply the clock may have been behind.
    return found.length === 0 && lastDate !== '' && today > lastDate ? ask(today) : reply;
  }

  for await (const { reply, rows } of readDatePages({ ...options, ask: askUpToToday })) {
    found.push(...rows);
    if (found.length === 0) assertKnown(reply);
    if (found.length >= count) break;
  }
  return found.slice(0, count);
}
