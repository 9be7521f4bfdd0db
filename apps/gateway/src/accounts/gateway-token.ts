import { createHmac, hkdfSync, randomUUID, timingSafeEqual } from 'node:crypto';

/** The tokens that the gateway itself gives, each good for a day and of no use anywhere else. */
export interface GatewayTokens {
  issue(): { readonly value: string; readonly expiresAtMs: number };
  judge(value: string): 'good' | 'expired' | 'unknown';
}

export const TOKEN_LIFE_MS = 86_400_000;

/**
 * A token looks as KIS's do (a JWT of some 350 characters, whose `jti` is the app key), since some clients look. It is signed by a key that
 * follows from the account's secret: after a restart, and at another gateway of the same account, it is still good, and
 * nothing has to be kept.
 */
export function createGatewayTokens(options: {
  readonly appKey: string;
  readonly appSecret: string;
  readonly nowMs: () => number;
}): GatewayTokens {
  const { appKey, appSecret, nowMs } = options;
  const key = Buffer.from(hkdfSync('sha512', appSecret, appKey, 'kis gateway token', 64));
  const sign = (text: string) => createHmac('sha512', key).update(text).digest();

  return {
    issue() {
      const iat = Math.floor(nowMs() / 1_000);
      const exp = iat + TOKEN_LIFE_MS / 1_000;
      const claims = { sub: 'token', aud: randomUUID(), prdt_cd: '', iss: 'gateway', exp, iat, jti: appKey };
      const text = [{ typ: 'JWT', alg: 'HS512' }, claims].map(encode).join('.');
      return { value: `${text}.${sign(text).toString('base64url')}`, expiresAtMs: exp * 1_000 };
    },
    judge(value) {
      const end = value.lastIndexOf('.');
      const text = value.slice(0, Math.max(end, 0));
      const given = Buffer.from(value.slice(end + 1), 'base64url');
      const expected = sign(text);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'unknown';
      // Signed by the gateway, so it can be read.
      const { exp } = JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString()) as { exp: number };
      return nowMs() < exp * 1_000 ? 'good' : 'expired';
    },
  };
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
