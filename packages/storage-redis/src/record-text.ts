import type { TokenRecord } from '@kis/token-core';

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => Number.isFinite(value);
const isFlag: Check = (value) => typeof value === 'boolean';
const isToken: Check = (value) => fits(value, { value: isText, issuedAtMs: isNumber, expiresAtMs: isNumber });
// Any outcome: a later version of this package may know more of them.
const isAttempt: Check = (value) =>
  fits(
    value,
    { id: isText, by: isText, atMs: isNumber, outcome: isText },
    { leaseMs: isNumber, asked: isFlag, forced: isFlag, count: isNumber, kisCode: isText },
  );

/** Undefined for what is no record: whoever can write to Redis can write anything. */
export function readRecord(text: string): TokenRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return fits(value, { attempts: listOf(isAttempt), dead: listOf(isText) }, { token: isToken })
      ? (value as TokenRecord)
      : undefined;
  } catch {
    return undefined;
  }
}

function listOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check);
}

function fits(value: unknown, needed: Record<string, Check>, optional: Record<string, Check> = {}): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Readonly<Record<string, unknown>>;
  return (
    Object.entries(needed).every(([name, check]) => check(fields[name])) &&
    Object.entries(optional).every(([name, check]) => fields[name] === undefined || check(fields[name]))
  );
}
