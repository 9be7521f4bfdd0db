import { isKoreanHoliday, isWeekend } from './calendar.ts';
import { priceLimits, tickDown, tickNear, tickUp } from './ticks.ts';
import type { Venue } from './venue.ts';

/** The Korea Exchange: 09:00 to 15:20, and the closing auction at 15:30. */
export const KRX: Venue = {
  isSession: (day) => !isWeekend(day) && !isKoreanHoliday(day),
  openMs: 9 * 3_600_000,
  tradingMinutes: 380,
  closeMinute: 390,
  tickNear,
  tickDown,
  tickUp,
  limits: priceLimits,
};
