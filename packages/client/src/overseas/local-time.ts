import { koreanInstantMs } from '../korean-time.ts';

/** The instant at which clocks of a place showed `HHMMSS` on a `YYYYMMDD`; undefined if there is none such. */
export type LocalTime = (date: string, time: string) => number | undefined;

const koreaMs = 9 * 3_600_000;

/**
 * By the time zones of the platform (`Intl`), which know summer time, that of the past, too. Where clocks are put back, a time
 * that comes twice is the first one.
 */
export function createLocalTime(timeZone: string): LocalTime {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  /** By how much the clocks there are ahead of UTC. */
  const aheadMs = (ms: number): number => {
    const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(format.format(ms)) ?? [];
    const ahead = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
    return sign === '-' ? -ahead : ahead;
  };
  return (date, time) => {
    const inKoreaMs = koreanInstantMs(date, time);
    if (inKoreaMs === undefined) return undefined;
    const atUtcMs = inKoreaMs + koreaMs;
    // At most a day off, so that the second look is on the right side of a change.
    const nearMs = atUtcMs - aheadMs(atUtcMs);
    return atUtcMs - aheadMs(nearMs);
  };
}
