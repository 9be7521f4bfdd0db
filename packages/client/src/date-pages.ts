import { dayBefore, koreanDate } from './korean-time.ts';
import type { KisReply } from './transport.ts';

/**
 * The rows of days, weeks or months, newest first: page by page, each asked for up to the day before the last one began, which
 * KIS need not keep to.
 */
export async function readDatePages<Row extends { readonly date: string }>(options: {
  readonly count: number;
  readonly period: 'day' | 'week' | 'month';
  /** `YYYYMMDD`: today in Korea; `''`: whatever is the newest. */
  readonly lastDate: string;
  ask(lastDate: string): Promise<KisReply>;
  read(reply: KisReply): Row[];
  /** Throws if the reply, which has no row, is that to an unknown code. */
  assertKnown(reply: KisReply): void;
}): Promise<Row[]> {
  const { count, period, ask, read, assertKnown } = options;
  const rows: Row[] = [];
  let { lastDate } = options;
  while (rows.length < count) {
    const reply = await ask(lastDate);
    const today = koreanDate(reply.dateMs);
    // Until the first reply the clock may have been behind.
    if (rows.length === 0 && lastDate !== '' && today > lastDate) {
      lastDate = today;
      continue;
    }
    const page = read(reply)
      .filter(({ date }) => lastDate === '' || date <= lastDate)
      .sort((a, b) => b.date.localeCompare(a.date));
    const oldest = page.at(-1);
    if (oldest === undefined) {
      if (rows.length === 0) assertKnown(reply);
      break;
    }
    rows.push(...page);
    lastDate = dayBefore(oldest.date, period);
  }
  return rows.slice(0, count);
}
