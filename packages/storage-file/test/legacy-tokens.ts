import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Token } from '@kis/token-core';
import { writePickle } from '../src/legacy/pickle-writer.ts';
import { koreanTime } from '../src/legacy/times.ts';

export const appKey = 'PSlegacyOfTheTests0123456789abcdefgh';
export const appSecret: string = 'testsecret+/='.repeat(13);
/** Of that app key, on KIS's own host. */
export const key: string = keyOf(appKey);

export const HOUR = 3_600_000;
export const DAY: number = 24 * HOUR;

export function keyOf(of: string): string {
  return `real-${createHash('sha256').update(of).digest('hex')}`;
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A token as KIS makes them, with `leftMs` to live; `name` tells it from others. */
export function makeToken(name: string, leftMs: number, of: string = appKey): Token {
  const exp = Math.floor((Date.now() + leftMs) / 1_000);
  const claims = { sub: 'token', iss: 'unogw', exp, iat: exp - 86_400, jti: of };
  const [head, body] = [{ typ: 'JWT', alg: 'HS512' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  return {
    value: `${head}.${body}.${Buffer.from(name).toString('base64url').padEnd(86, 'x')}`,
    issuedAtMs: claims.iat * 1_000,
    expiresAtMs: exp * 1_000,
  };
}

/** What a Python program writes into its token file, byte for byte. */
export function pickleOf(token: Token, fields: Readonly<Record<string, string | number>> = {}): Buffer {
  return writePickle({
    access_token: token.value,
    access_token_token_expired: koreanTime(token.expiresAtMs),
    token_type: 'Bearer',
    expires_in: 86_400,
    timestamp: token.expiresAtMs / 1_000,
    api_key: appKey,
    api_secret: appSecret,
    ...fields,
  });
}

/** A file that another program has written, as it was recorded. */
export function sample(name: string): Buffer {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url));
}

export const protocols = [0, 1, 2, 3, 4, 5] as const;

export function samplePickle(protocol: number): Buffer {
  return sample(`token.key.python-final.proto${protocol}.pkl`);
}

/** Of the recorded files. */
export const sampleAppKey = 'PSFAKEFAKEFAKEFAKEFAKEFAKEFAKEFAKE01';
