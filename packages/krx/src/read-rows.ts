import { KrxError } from './errors.ts';
import { optionalText, type Row } from './row.ts';

/** The rows of an answer that was asked for a day, `YYYYMMDD`. @throws KrxError `response`. */
export function readRows(body: string, date: string): readonly Row[] {
  const rows = rowsOf(body);
  if (rows === undefined) throw fault('an array in OutBlock_1');
  // An answer for another day would stay in the cache as this one's.
  const strange = rows.find((row) => (optionalText(row, 'BAS_DD') ?? date) !== date);
  if (strange !== undefined) throw fault(`${date} in BAS_DD`);
  return rows;
}

function rowsOf(body: string): readonly Row[] | undefined {
  try {
    const block: unknown = JSON.parse(body)?.OutBlock_1;
    return Array.isArray(block) ? block.filter((row) => typeof row === 'object' && row !== null) : undefined;
  } catch {
    return undefined;
  }
}

function fault(expected: string): KrxError {
  return new KrxError('response', `KRX's answer: expected ${expected}`, { status: 200 });
}
