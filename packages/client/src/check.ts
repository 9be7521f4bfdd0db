import { inspect } from 'node:util';
import { koreanDayMs } from './korean-time.ts';

/** How many rows are wanted. */
export function checkCount(count: number): void {
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`client: \`count\` must be an integer >= 1, got ${String(count)}`);
  }
}

export function checkOneOf<T extends string>(name: string, value: string, known: readonly T[]): T {
  const found = known.find((it) => it === value);
  if (found !== undefined) return found;
  const names = known.map((it) => `'${it}'`).join(', ');
  throw new TypeError(`client: \`${name}\` must be one of ${names}, got ${String(value)}`);
}

/** A `YYYYMMDD`. */
export function checkDate(name: string, value: string): string {
  if (typeof value === 'string' && koreanDayMs(value) !== undefined) return value;
  throw new TypeError(`client: \`${name}\` must be a date such as '20261120', got ${inspect(value)}`);
}

/** Settings, or undefined, in which a mistyped name must not pass for a default; its value may be a secret. */
export function checkSettings(name: string, value: unknown, known: readonly string[], what = 'settings'): void {
  if (value === undefined) return;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(`client: \`${name}\` must be ${what}, got ${inspect(value, { depth: 0 })}`);
  }
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const names = known.map((it) => `\`${it}\``).join(', ');
  throw new TypeError(`client: \`${name}.${unknown}\` is no setting; there are ${names}`);
}
