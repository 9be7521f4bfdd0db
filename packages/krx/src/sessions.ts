import type { DayTable } from './day-table.ts';
import { type Days, mostEmptyDays } from './days.ts';
import { KrxError } from './errors.ts';
import type { DatedSession } from './fold.ts';
import { weekdayUpTo } from './korean-day.ts';
import type { Place } from './locate.ts';
import { type Board, boards } from './services.ts';

/**
 * The sessions of an issue from its newest one back, as long as `wanted` gives days to ask for: those from `next` back to the last of
 * them are asked for at once. Ends where the issue was not listed yet, and where KRX has no more days.
 */
export async function* sessionsBack(
  days: Days,
  stockCode: string,
  { board: newestBoard, sheet }: Place,
  wanted: (next: number) => number[],
): AsyncGenerator<DatedSession, void, void> {
  let board = newestBoard;
  let next = sheet.day;
  let empty = 0;
  for (let batch = wanted(next); batch.length > 0; batch = wanted(next)) {
    const tables = await Promise.all(batch.map(async (day) => ({ day, table: await days.table(board.daily, day) })));
    for (const { day, table } of tables) {
      next = weekdayUpTo(day - 1);
      empty = table.size === 0 ? empty + 1 : 0;
      if (empty === mostEmptyDays) return;
      if (empty > 0) continue;
      const session = table.find(stockCode);
      if (session === undefined) {
        const before = await findElsewhere(days, stockCode, day, board);
        if (before === undefined) return;
        [board, next] = [before, day];
        break;
      }
      if (session.closePrice > 0) yield { ...session, day };
    }
  }
}

/** The board from which an issue moved to this one: many of KOSPI began on KOSDAQ. */
async function findElsewhere(days: Days, code: string, day: number, board: Board): Promise<Board | undefined> {
  for (const other of boards) {
    if (other === board || other.info === undefined) continue;
    const table = await tableIfAllowed(days, other, day);
    if (table?.find(code) !== undefined) return other;
  }
  return undefined;
}

async function tableIfAllowed(days: Days, { daily }: Board, day: number): Promise<DayTable | undefined> {
  try {
    return await days.table(daily, day);
  } catch (error) {
    if (error instanceof KrxError && error.reason === 'unauthorized') return undefined;
    throw error;
  }
}
