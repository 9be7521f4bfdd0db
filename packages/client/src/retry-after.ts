/** HTTP's `Retry-After`, which is seconds or a date, as milliseconds from `nowMs`; undefined where it is neither. */
export function readRetryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  if (!text.endsWith('GMT')) return undefined;
  const ms = Date.parse(text) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
