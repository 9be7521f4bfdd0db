import type { Fields } from './fields.ts';
import { koreanDayMs } from './korean-time.ts';

/** A day of a chart; KIS's day in Korea. */
export function readDay(fields: Fields, name: string): { readonly date: string; readonly startMs: number } {
  const date = fields.text(name);
  const startMs = koreanDayMs(date);
  if (startMs === undefined) throw fields.fault(name, 'a date');
  return { date, startMs };
}

/** `YYYYMMDD`, also where KIS writes `YYYY/MM/DD`; undefined where it is blank or zeros. */
export function optionalDate(fields: Fields, name: string): string | undefined {
  const date = fields.optionalText(name)?.replaceAll(/[/.-]/g, '');
  if (date === undefined || /^0*$/.test(date)) return undefined;
  if (koreanDayMs(date) === undefined) throw fields.fault(name, 'a date');
  return date;
}
