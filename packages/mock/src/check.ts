/** The value if it is an integer that is large enough; a RangeError that names the option if not. */
export function integer(name: string, value: unknown, least: number, most: number = Number.MAX_SAFE_INTEGER): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? `>= ${least}` : `from ${least} to ${most}`;
  throw new RangeError(`mock: \`${name}\` must be an integer ${range}, got ${shown(value)}`);
}

/** The value if it is a finite number and not negative. */
export function duration(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw new RangeError(`mock: \`${name}\` must be a finite number of milliseconds >= 0, got ${shown(value)}`);
}

/** The value if it is one of the few that are known. */
export function oneOf<const T extends string | number | boolean>(name: string, value: unknown, known: readonly T[]): T {
  const found = known.find((word) => word === value);
  if (found !== undefined) return found;
  throw new RangeError(`mock: \`${name}\` must be ${known.map(shown).join(' or ')}, got ${shown(value)}`);
}

/** The value if it is a string with something in it. */
export function text(name: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new TypeError(`mock: \`${name}\` must be a string that is not empty, got ${shown(value)}`);
}

/** The value if it is an object that has no other keys than these. Neither a string nor, of `secret` ones, a key is shown. */
export function fields(
  name: string,
  value: unknown,
  known: readonly string[],
  kind: 'plain' | 'secret' = 'plain',
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const got = typeof value === 'string' ? 'a string' : shown(value);
    throw new TypeError(`mock: \`${name}\` must be an object, got ${got}`);
  }
  const stray = Object.keys(value).find((key) => !known.includes(key));
  if (stray !== undefined) {
    const what = kind === 'plain' ? `\`${stray}\`` : 'other field';
    throw new TypeError(`mock: \`${name}\` knows no ${what}; it knows ${known.join(', ')}`);
  }
  return value as Record<string, unknown>;
}

/** The value if it is a string; an object as JSON. */
export function bodyText(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  const json = typeof value === 'object' && value !== null ? jsonOf(value) : undefined;
  if (json !== undefined) return json;
  throw new TypeError(`mock: \`${name}\` must be a string or an object that JSON can hold`);
}

/** Undefined for what JSON cannot hold, and for what is nested too deeply to be written: reading knows no such limit. */
export function jsonOf(value: object): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** An app key or secret that could be one: not empty, no blank and no line end. Its value is never shown. */
export function isWellFormedKey(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value);
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
