import { codeOf, optionalNumber, type Row } from './row.ts';

/** What was traded of an issue in a session. */
export interface Session {
  /** 0 where KRX gives none. */
  readonly closePrice: number;
  /** 0 in a session in which nothing was traded, as the next two. */
  readonly openPrice: number;
  readonly highPrice: number;
  readonly lowPrice: number;
  readonly volume: number;
  readonly tradingValue: number;
}

/** The prices of all issues of a day, kept small: some 56 bytes each. */
export interface DayTable {
  /** 0: there was no session, or it is not published yet. */
  readonly size: number;
  find(code: string): Session | undefined;
}

const codeLength = 6;
const columns = ['TDD_CLSPRC', 'TDD_OPNPRC', 'TDD_HGPRC', 'TDD_LWPRC', 'ACC_TRDVOL', 'ACC_TRDVAL'] as const;

export function createDayTable(rows: Iterable<Row>): DayTable {
  const issues = [...rows]
    .map((row) => ({ row, code: codeOf(row) ?? '' }))
    .filter(({ code }) => code !== '')
    .sort((a, b) => (a.code < b.code ? -1 : 1));
  // One string and one block of numbers: an object for each issue would take several times as much.
  const codes = issues.map(({ code }) => code).join('');
  const numbers = Float64Array.from(issues.flatMap(({ row }) => columns.map((name) => optionalNumber(row, name) ?? 0)));
  return {
    size: issues.length,
    find(code) {
      const at = placeOf(codes, code);
      if (at === undefined) return undefined;
      const [closePrice = 0, ...others] = numbers.subarray(at * columns.length, (at + 1) * columns.length);
      const [openPrice = 0, highPrice = 0, lowPrice = 0, volume = 0, tradingValue = 0] = others;
      return { closePrice, openPrice, highPrice, lowPrice, volume, tradingValue };
    },
  };
}

/** Where a code stands among codes of six characters in their order. */
function placeOf(codes: string, code: string): number | undefined {
  let [low, high] = [0, codes.length / codeLength];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const found = codes.slice(middle * codeLength, (middle + 1) * codeLength);
    if (found === code) return middle;
    if (found < code) low = middle + 1;
    else high = middle;
  }
  return undefined;
}
