/** What a part of the bench found, as it is shown and kept. */
export interface Table {
  readonly title: string;
  /** What was done, and how to read it. Markdown. */
  readonly note?: string | undefined;
  /** The first names the subjects. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  readonly bars?: readonly Bar[] | undefined;
}

/** A number is shown with thousands apart, NaN as `-`; units belong in the column's name. */
export type Cell = string | number;

/** What was promised, and what was seen. */
export interface Bar {
  /** Such as `execute costs at most 6 x a bare async call`. */
  readonly promise: string;
  readonly seen: string;
  readonly isMet: boolean;
  /** A count, which no noise of the machine explains: where it is missed, the run fails. Default false. */
  readonly isExact?: boolean | undefined;
}

/** One part of the bench: `pnpm bench <name>` runs it alone. */
export interface Part {
  readonly name: string;
  run(): Promise<readonly Table[]>;
}

/** A table as Markdown that is also readable as it stands. */
export function toMarkdown({ title, note, columns, rows, bars = [] }: Table): string {
  const lines = [columns, ...rows.map((row) => columns.map((_, index) => show(row[index] ?? '')))];
  const widths = columns.map((_, index) => Math.max(3, ...lines.map((line) => line[index]?.length ?? 0)));
  const toLine = (cells: readonly string[]) =>
    `| ${cells.map((cell, index) => pad(cell, widths[index] ?? 0, index)).join(' | ')} |`;
  const rule = `| ${widths.map((width, index) => (index === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  const [head = [], ...body] = lines;
  return [
    `## ${title}`,
    ...(note === undefined ? [] : ['', note]),
    ...['', toLine(head), rule, ...body.map(toLine)],
    ...(bars.length === 0 ? [] : ['', ...bars.map(toBarLine)]),
  ].join('\n');
}

export function toBarLine({ promise, seen, isMet }: Bar): string {
  return `- bar ${promise}: seen ${seen}, ${isMet ? 'met' : '**MISSED**'}`;
}

/** Whether a count is wrong. */
export function hasWrongCount(tables: readonly Table[]): boolean {
  return tables.some(({ bars = [] }) => bars.some(({ isExact = false, isMet }) => isExact && !isMet));
}

function show(cell: Cell): string {
  if (typeof cell === 'string') return cell.replaceAll('|', '\\|');
  return Number.isNaN(cell) ? '-' : cell.toLocaleString('en-US', { maximumFractionDigits: 2 });
}

/** Subjects to the left, figures to the right. */
function pad(cell: string, width: number, index: number): string {
  return index === 0 ? cell.padEnd(width) : cell.padStart(width);
}
