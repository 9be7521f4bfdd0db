/** What a time means that says no zone: Korea's (UTC+9), or that of this process. */
export type Zone = 'korean' | 'local';

const KOREAN = '+09:00';

/** Epoch milliseconds of `YYYY-MM-DD HH:MM:SS`, with or without a `T`, a fraction and an offset; undefined for anything else. */
export function readTime(text: unknown, zone: Zone): number | undefined {
  const pattern = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:(\.\d{1,3})\d{0,6})?(Z|[+-]\d{2}:\d{2})?$/;
  const [match, day, time, fraction = '', offset = zone === 'korean' ? KOREAN : ''] =
    typeof text === 'string' ? (pattern.exec(text) ?? []) : [];
  // Without an offset, a time of this form is one of this process.
  const ms = match === undefined ? Number.NaN : Date.parse(`${day}T${time}${fraction}${offset}`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** `YYYY-MM-DD HH:MM:SS` in Korea. */
export function koreanTime(epochMs: number): string {
  return new Date(epochMs + 9 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
}
