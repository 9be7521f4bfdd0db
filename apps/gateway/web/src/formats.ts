import type { Language } from './words/index.ts';

/** Numbers, dates and spans of time as a language writes them; the time is Korea's in both. */
export interface Formats {
  integer(value: number): string;
  /** '18', and of less than one its first two digits: '0.25' */
  pace(value: number): string;
  /** '1,234만', '12.3M' */
  compact(value: number): string;
  /** '+1,200' */
  signed(value: number): string;
  /** '+1.71%' of 1.71 */
  rate(value: number): string;
  /** '97%' of 0.97 */
  share(value: number): string;
  ms(value: number): string;
  /** '21:40:05' */
  time(atMs: number): string;
  /** '11월 28일 21:40', 'Nov 28, 21:40' */
  dateTime(atMs: number): string;
  /** '2026. 11. 28.', 'Nov 28, 2026' of '20261128' */
  date(date: string): string;
  /** '23시간 41분', '23 h 41 min'; its two largest units */
  span(ms: number): string;
}

const LOCALES = { ko: 'ko-KR', en: 'en-US' } as const;
const UNITS = {
  ko: { days: '일', hours: '시간', minutes: '분', seconds: '초', glue: '' },
  en: { days: 'd', hours: 'h', minutes: 'min', seconds: 's', glue: '\u202f' },
} as const;
const timeZone = 'Asia/Seoul';

export function createFormats(language: Language): Formats {
  const locale = LOCALES[language];
  const units = UNITS[language];
  const integer = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const fraction = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 });
  const compact = new Intl.NumberFormat(locale, {
    notation: 'compact',
    maximumSignificantDigits: 3,
    useGrouping: true,
  });
  const signed = new Intl.NumberFormat(locale, { signDisplay: 'exceptZero', maximumFractionDigits: 2 });
  const rate = new Intl.NumberFormat(locale, {
    style: 'percent',
    signDisplay: 'exceptZero',
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
  const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const tenth = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone } as const;
  const time = new Intl.DateTimeFormat(locale, { ...clock, second: '2-digit' });
  const dateTime = new Intl.DateTimeFormat(locale, { ...clock, month: 'short', day: 'numeric' });
  const date = new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: language === 'ko' ? 'numeric' : 'short',
    day: 'numeric',
    timeZone: 'UTC',
  });

  return {
    integer: (value) => integer.format(value),
    pace: (value) => (value < 1 ? fraction : integer).format(value),
    compact: (value) => compact.format(value),
    signed: (value) => signed.format(value),
    rate: (value) => rate.format(value / 100),
    share: (value) => share.format(value),
    ms: (value) => (value < 1_000 ? `${tenth.format(value < 10 ? value : Math.round(value))}\u202fms` : span(value)),
    time: (atMs) => time.format(atMs),
    dateTime: (atMs) => dateTime.format(atMs),
    date: (text) => date.format(Date.UTC(+text.slice(0, 4), +text.slice(4, 6) - 1, +text.slice(6, 8))),
    span,
  };

  function span(ms: number): string {
    const seconds = Math.max(0, Math.floor(ms / 1_000));
    const parts = [
      [Math.floor(seconds / 86_400), units.days],
      [Math.floor(seconds / 3_600) % 24, units.hours],
      [Math.floor(seconds / 60) % 60, units.minutes],
      [seconds % 60, units.seconds],
    ] as const;
    const first = parts.findIndex(([count]) => count > 0);
    const shown = first === -1 ? parts.slice(-1) : parts.slice(first, first + 2);
    return shown.map(([count, unit]) => `${count}${units.glue}${unit}`).join(' ');
  }
}
