import { describe, expect, test } from 'vitest';
import { dayBefore, koreanDate, koreanDayMs, koreanTimeMs } from '../src/korean-time.ts';

describe('time in Korea', () => {
  test('its day begins at 15:00 UTC', () => {
    expect(koreanDate(Date.parse('2026-11-20T14:59:59Z'))).toBe('20261120');
    expect(koreanDate(Date.parse('2026-11-20T15:00:00Z'))).toBe('20261121');
    expect(koreanDayMs('20261121')).toBe(Date.parse('2026-11-20T15:00:00Z'));
  });

  test.each(['', '2026112', '20261301', '2026-11-21', 'abcdefgh', '20240231', '20250229', '20261131'])(
    '%o is no date',
    (date) => {
      expect(koreanDayMs(date)).toBeUndefined();
    },
  );

  test.each([
    ['090000', '2026-11-20T00:00:05Z', '2026-11-20T00:00:00Z'],
    // A Saturday morning: the book is of Friday.
    ['160000', '2026-11-21T01:00:00Z', '2026-11-20T07:00:00Z'],
    ['235959', '2026-11-20T15:00:10Z', '2026-11-20T14:59:59Z'],
  ])('%s, answered at %s, was %s', (time, answered, expected) => {
    expect(koreanTimeMs(time, Date.parse(answered))).toBe(Date.parse(expected));
  });

  test.each(['', '240000', '096000', '9:00', '0900'])('%o is no time', (time) => {
    expect(koreanTimeMs(time, 0)).toBeUndefined();
  });

  test.each([
    ['day', '20260301', '20260228'],
    ['day', '20240301', '20240229'],
    // A week that KIS names by its Friday, one by its Monday, and one by a Sunday.
    ['week', '20261120', '20261115'],
    ['week', '20261116', '20261115'],
    ['week', '20261122', '20261115'],
    ['month', '20261130', '20261031'],
    ['month', '20260102', '20251231'],
  ] as const)('before the %s of %s comes %s', (period, date, expected) => {
    expect(dayBefore(date, period)).toBe(expected);
  });
});
