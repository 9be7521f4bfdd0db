import { KrxError } from './errors.ts';

/** One issue of a day, as KRX gave it. */
export type Row = Readonly<Record<string, unknown>>;

/** A number as KRX writes it; undefined for `-`, for `''`, and for anything else that is none. */
export function optionalNumber(row: Row, name: string): number | undefined {
  const value = row[name];
  if (typeof value !== 'string' || !/^\s*[+-]?(?:\d+\.?\d*|\.\d+)\s*$/.test(value)) return undefined;
  // "-0.00" is a zero like any other.
  return Number(value) + 0;
}

/** @throws KrxError `response` that names the field. */
export function number(row: Row, name: string): number {
  const value = optionalNumber(row, name);
  if (value === undefined) throw fault(row, name, 'a number');
  return value;
}

/** A text without its padding; undefined for `-` and a blank one. */
export function optionalText(row: Row, name: string): string | undefined {
  const value = row[name];
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' || text === '-' ? undefined : text;
}

/** @throws KrxError `response` that names the field. */
export function text(row: Row, name: string): string {
  const value = optionalText(row, name);
  if (value === undefined) throw fault(row, name, 'a text');
  return value;
}

function fault(row: Row, name: string, expected: string): KrxError {
  const code = codeOf(row) ?? 'an issue';
  return new KrxError('response', `KRX's answer: expected ${expected} in ${name} of ${code}`, { status: 200 });
}

/** The short code; what is told of an issue itself has its ISIN in `ISU_CD`. Undefined for a row that has none. */
export function codeOf(row: Row): string | undefined {
  const code = optionalText(row, 'ISU_SRT_CD') ?? optionalText(row, 'ISU_CD');
  return code !== undefined && /^[0-9A-Z]{6}$/.test(code) ? code : undefined;
}
