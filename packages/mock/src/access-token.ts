import { createHmac } from 'node:crypto';
import { koreanWallTime } from './market/calendar.ts';

/** A token that the fake has made. */
export interface AccessToken {
  readonly value: string;
  readonly appKey: string;
  readonly issuedAtMonotonicMs: number;
  /** Epoch milliseconds, whole seconds as in the JWT. */
  readonly expiresAtMs: number;
  state: 'live' | 'killed' | 'revoked';
}

/** A JWT as KIS makes them: 346 characters when the app key has its 36. */
export function createAccessToken(options: {
  readonly appKey: string;
  readonly audience: string;
  readonly nowMs: number;
  readonly nowMonotonicMs: number;
  readonly lifeMs: number;
}): AccessToken {
  const { appKey, audience, nowMs, nowMonotonicMs, lifeMs } = options;
  const iat = Math.floor(nowMs / 1_000);
  const exp = Math.floor((nowMs + lifeMs) / 1_000);
  const claims = { sub: 'token', aud: audience, prdt_cd: '', iss: 'unogw', exp, iat, jti: appKey };
  const signed = [{ typ: 'JWT', alg: 'HS512' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = createHmac('sha512', audience).update(signed).digest('base64url');
  return {
    value: `${signed}.${signature}`,
    appKey,
    issuedAtMonotonicMs: nowMonotonicMs,
    expiresAtMs: exp * 1_000,
    state: 'live',
  };
}

/** KIS: the answer of tokenP. `expires_in` is that of a fresh token even where the token is an old one, as KIS does it. */
export function tokenBody(token: AccessToken, lifeMs: number): object {
  return {
    access_token: token.value,
    access_token_token_expired: koreanWallTime(token.expiresAtMs),
    token_type: 'Bearer',
    expires_in: Math.round(lifeMs / 1_000),
  };
}
