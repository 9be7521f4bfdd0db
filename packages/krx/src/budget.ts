import { KrxError } from './errors.ts';
import { koreanDay, startOfDayMs } from './korean-day.ts';

/** The calls that a key has from 00:00 to 24:00 in Korea. */
export interface Budget {
  readonly left: number;
  /** @throws KrxError `budget` when there is none left. */
  spend(): void;
}

export function createBudget(callsPerDay: number, nowMs: () => number): Budget {
  let day = Number.NEGATIVE_INFINITY;
  let spent = 0;
  /** A clock that is put back gives nothing again. */
  const turnTheDay = (): void => {
    const today = koreanDay(nowMs());
    if (today > day) [day, spent] = [today, 0];
  };
  return {
    get left() {
      turnTheDay();
      return callsPerDay - spent;
    },
    spend() {
      turnTheDay();
      if (spent >= callsPerDay) {
        const retryAtMs = startOfDayMs(day + 1);
        const until = new Date(retryAtMs).toISOString();
        throw new KrxError('budget', `KRX: the ${callsPerDay} calls of this day are used up until ${until}`, {
          retryAtMs,
        });
      }
      spent += 1;
    },
  };
}
