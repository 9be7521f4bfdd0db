import type { TokenRecord } from '@kis/token-core';

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => Number.isFinite(value);
const isFlag: Check = (value) => typeof value === 'boolean';

/** What JSON says of an account's token may be anything: whoever tampers with a file can make its sum fit. */
export function isTokenRecord(value: unknown): value is TokenRecord {
  return fits(value, { attempts: listOf(isAttempt), dead: listOf(isText) }, { token: isToken });
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

const isToken: Check = (value) => fits(value, { value: isText, issuedAtMs: isNumber, expiresAtMs: isNumber });

// Any outcome: a later version of this package may know more of them.
const isAttempt: Check = (value) =>
  fits(
    value,
    { id: isText, by: isText, atMs: isNumber, outcome: isText },
    { leaseMs: isNumber, asked: isFlag, forced: isFlag, count: isNumber, kisCode: isText },
  );

function listOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check);
}

function fits(value: unknown, needed: Record<string, Check>, optional: Record<string, Check> = {}): boolean {
  if (!isObject(value)) return false;
  return (
    Object.entries(needed).every(([name, check]) => check(value[name])) &&
    Object.entries(optional).every(([name, check]) => value[name] === undefined || check(value[name]))
  );
}
