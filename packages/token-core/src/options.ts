import type { KisEnvironment } from './environment.ts';

// What is wrong is named, the value of a credential is not: these messages end in logs.

export function checkAppKey(value: unknown): string {
  return checkCredential('appKey', value);
}

export function checkAppSecret(value: unknown): string {
  return checkCredential('appSecret', value);
}

function checkCredential(name: string, value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`token-core: \`${name}\` must be a string, got ${typeof value}`);
  if (value.trim() === '') throw new TypeError(`token-core: \`${name}\` must not be blank`);
  // KIS answers EGW00103 or EGW00105 to a key with a trailing newline, which is the usual way to get one wrong.
  if (!/^[\x21-\x7e]+$/.test(value)) {
    throw new TypeError(`token-core: \`${name}\` must not contain whitespace, control or non-ASCII characters`);
  }
  return value;
}

export function checkEnvironment(value: unknown): KisEnvironment {
  if (value !== 'real' && value !== 'virtual') {
    throw new TypeError(`token-core: \`environment\` must be 'real' or 'virtual', got ${JSON.stringify(value)}`);
  }
  return value;
}

export function checkBaseUrl(value: unknown): URL {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new TypeError('token-core: `baseUrl` must be an http or https URL without credentials');
  }
  return url;
}

/** Beyond this the platform's timers fire at once: 24 days. */
const MAX_DURATION_MS = 2_147_483_647;

/** Durations: milliseconds from `leastMs` up to what a timer can wait. */
export function checkDuration(name: string, value: unknown, defaultMs: number, leastMs = 0): number {
  if (value === undefined) return defaultMs;
  if (typeof value !== 'number' || !(value >= leastMs && value <= MAX_DURATION_MS)) {
    throw new RangeError(
      `token-core: \`${name}\` must be a number of milliseconds from ${leastMs} to ${MAX_DURATION_MS}, got ${String(value)}`,
    );
  }
  return value;
}
