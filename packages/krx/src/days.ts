import type { Ask } from './api.ts';
import { createDayTable, type DayTable } from './day-table.ts';
import { KrxError } from './errors.ts';
import { createFlights } from './flights.ts';
import { dateOf, koreanDay, startOfDayMs, weekdayUpTo } from './korean-day.ts';
import { createLru } from './lru.ts';
import { codeOf, type Row } from './row.ts';

/** A day of a service, all of it. */
export interface Sheet {
  readonly day: number;
  /** By short code. */
  readonly rows: ReadonlyMap<string, Row>;
  readonly table: DayTable;
}

/** The days of KRX's services. Each is asked for once, however many want it. */
export interface Days {
  /** The newest day that is published. */
  latest(service: string): Promise<Sheet>;
  /** The prices of a day up to the latest one. */
  table(service: string, day: number): Promise<DayTable>;
}

/** An empty day may be one that is not published yet, so it is asked for again until it is a week old. */
interface Kept {
  readonly table: DayTable;
  readonly untilMs: number;
}

const [minuteMs, hourMs, dayMs] = [60_000, 3_600_000, 86_400_000];
const closeMs = 15.5 * hourMs;
const askAgainMs = 10 * minuteMs;
/** How many empty weekdays in a row there may be; the longest holidays have some six. */
export const mostEmptyDays = 15;

export function createDays(options: {
  readonly ask: Ask;
  readonly capacity: number;
  readonly nowMs: () => number;
}): Days {
  const { ask, capacity, nowMs } = options;
  const tables = createLru<Kept>(capacity);
  const newest = new Map<string, { readonly sheet: Sheet; readonly askedAtMs: number }>();
  const sheets = createFlights<Sheet>();
  const searches = createFlights<Sheet>();

  const keyOf = (service: string, day: number): string => `${service}:${day}`;
  const kept = (service: string, day: number): DayTable | undefined => {
    const found = tables.get(keyOf(service, day));
    return found !== undefined && nowMs() < found.untilMs ? found.table : undefined;
  };

  const read = (service: string, day: number): Promise<Sheet> =>
    sheets.run(keyOf(service, day), async () => {
      const { rows } = await ask(service, dateOf(day));
      const sheet = { day, rows: new Map(rows.flatMap(entryOf)), table: createDayTable(rows) };
      const untilMs = sheet.rows.size > 0 ? Infinity : nowMs() + emptyForMs(day, nowMs());
      tables.set(keyOf(service, day), { table: sheet.table, untilMs });
      return sheet;
    });

  async function search(service: string): Promise<Sheet> {
    const known = newest.get(service)?.sheet;
    let day = weekdayUpTo(koreanDay(nowMs() - closeMs));
    for (let empty = 0; empty < mostEmptyDays; empty += 1) {
      if (known !== undefined && known.day >= day) return known;
      if (kept(service, day)?.size !== 0) {
        const sheet = await read(service, day);
        if (sheet.rows.size > 0) return sheet;
      }
      day = weekdayUpTo(day - 1);
    }
    throw new KrxError('response', `KRX's answer: expected a session in ${service} after ${dateOf(day)}`, {
      status: 200,
    });
  }

  return {
    async latest(service) {
      const known = newest.get(service);
      // In either direction: the clock may have been put back.
      if (known !== undefined && Math.abs(nowMs() - known.askedAtMs) < askAgainMs) return known.sheet;
      return searches.run(service, async () => {
        const sheet = await search(service);
        newest.set(service, { sheet, askedAtMs: nowMs() });
        return sheet;
      });
    },

    async table(service, day) {
      const found = kept(service, day);
      if (found !== undefined) return found;
      const latest = newest.get(service)?.sheet;
      return (latest?.day === day ? latest : await read(service, day)).table;
    },
  };
}

/** How long an empty day is believed to be one. */
function emptyForMs(day: number, nowMs: number): number {
  const ageMs = nowMs - startOfDayMs(day);
  if (ageMs < 2 * dayMs) return askAgainMs;
  return ageMs < 7 * dayMs ? hourMs : Infinity;
}

function entryOf(row: Row): [string, Row][] {
  const code = codeOf(row);
  return code === undefined ? [] : [[code, row]];
}
