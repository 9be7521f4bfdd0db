import { inspect } from 'node:util';
import { KisResponseError } from './errors.ts';
import type { KisReply } from './transport.ts';

/**
 * A number as KIS writes it: a string with an optional sign, leading zeros and a decimal point. Undefined for `''`, for
 * anything else, and for a field that is not there.
 */
export function parseNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || !/^\s*[+-]?(?:\d+\.?\d*|\.\d+)\s*$/.test(value)) return undefined;
  // "-0.00" is a zero like any other.
  return Number(value) + 0;
}

/** A text without its padding, also where it came as a number; undefined for a blank one and for anything else. */
export function parseText(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}

/** A value by its name, which KIS does not always write in the same case. */
export function valueNamed(record: object, name: string): unknown {
  const values = record as Readonly<Record<string, unknown>>;
  if (Object.hasOwn(values, name)) return values[name];
  const key = Object.keys(values).find((it) => it.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : values[key];
}

/** The fields of one object of a reply. What is required and unreadable is a KisResponseError that names the field. */
export interface Fields {
  number(name: string): number;
  optionalNumber(name: string): number | undefined;
  text(name: string): string;
  optionalText(name: string): string | undefined;
  /** What to throw for a field whose value is none of those that are known. */
  fault(name: string, expected: string): KisResponseError;
}

export function readFields(reply: KisReply, record: unknown, where: string): Fields {
  const fail = (expected: string, at: string, got: unknown) =>
    new KisResponseError({
      expected,
      where: at,
      status: reply.status,
      got: inspect(got, { depth: 0, maxStringLength: 40, breakLength: Infinity }),
    });
  if (typeof record !== 'object' || record === null) throw fail('an object', where, record);

  const field = (name: string): unknown => valueNamed(record, name);
  const fault = (name: string, expected: string) => fail(expected, `${where}.${name}`, field(name));
  const required = <T>(value: T | undefined, name: string, expected: string): T => {
    if (value === undefined) throw fault(name, expected);
    return value;
  };
  return {
    number: (name) => required(parseNumber(field(name)), name, 'a number'),
    optionalNumber: (name) => parseNumber(field(name)),
    text: (name) => required(parseText(field(name)), name, 'a text'),
    optionalText: (name) => parseText(field(name)),
    fault,
  };
}

/** A change against the day before. KIS's sign code 4 or 5 means a fall, with or without a minus in the value. */
export function readChange(fields: Fields, name: string, signName = 'prdy_vrss_sign'): number {
  const value = fields.number(name);
  return /^[45]$/.test(fields.optionalText(signName) ?? '') ? 0 - Math.abs(value) : value;
}

/** KIS: `Y` or `N`. */
export function readFlag(fields: Fields, name: string): boolean {
  const text = fields.text(name);
  if (text !== 'Y' && text !== 'N') throw fields.fault(name, "'Y' or 'N'");
  return text === 'Y';
}
