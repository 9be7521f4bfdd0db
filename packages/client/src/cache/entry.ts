/** What is kept of a reply. */
export interface Entry<T> {
  /** By KIS's clock, so that all who share the store agree on it. */
  readonly cachedAtMs: number;
  readonly value: T;
}

export function writeEntry(entry: Entry<object>): string {
  return JSON.stringify(entry);
}

/** Undefined for what is no entry, whoever put it there. */
export function readEntry(text: unknown): Entry<object> | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const entry = JSON.parse(text);
    const isEntry = Number.isFinite(entry?.cachedAtMs) && [entry.value].flat().every(isObject);
    return isEntry ? entry : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** The entry's own value, which then says of itself since when it is kept; of a chart each candle does. */
export function stamp({ value, cachedAtMs }: Entry<object>): object {
  for (const it of Array.isArray(value) ? value : [value]) it.cachedAtMs = cachedAtMs;
  return value;
}
