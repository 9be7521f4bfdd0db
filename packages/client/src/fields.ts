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

/** The fields of one object of a reply. What is required and unreadable is a KisResponseError that names the field. */
export interface Fields {
  number(name: string): number;
  optionalNumber(name: string): number | undefined;
  text(name: string): string;
  optionalText(name: string): string | undefined;
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

  const field = (name: string): unknown => (record as Record<string, unknown>)[name];
  const optionalText = (name: string) => {
    const value = field(name);
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  };
  const required = <T>(value: T | undefined, name: string, expected: string): T => {
    if (value === undefined) throw fail(expected, `${where}.${name}`, field(name));
    return value;
  };
  return {
    number: (name) => required(parseNumber(field(name)), name, 'a number'),
    optionalNumber: (name) => parseNumber(field(name)),
    text: (name) => required(optionalText(name), name, 'a text'),
    optionalText,
  };
}

/** A change against the day before. KIS's sign code 4 or 5 means a fall, with or without a minus in the value. */
export function readChange(fields: Fields, name: string): number {
  const value = fields.number(name);
  return /^[45]$/.test(fields.optionalText('prdy_vrss_sign') ?? '') ? 0 - Math.abs(value) : value;
}
