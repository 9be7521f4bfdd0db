import type { Token } from '@kis/token-core';

/** The fields of the hash as Redis has them. */
export type Fields = Readonly<Record<string, string>>;

export const pythonNames: readonly string[] = [
  'access_token',
  'access_token_token_expired',
  'timestamp',
  'api_key',
  'api_secret',
];

const KOREA_MS = 9 * 3_600_000;
const DAY_MS = 86_400_000;

/** A token as korea-investment-stock (Python) writes it. Without `python` it has no owner. */
export function toPythonFields(token: Token, python?: { readonly appKey: string; readonly appSecret: string }): Fields {
  const expiresAt = Math.floor(token.expiresAtMs / 1_000);
  return {
    access_token: token.value,
    access_token_token_expired: koreanTime(expiresAt * 1_000),
    timestamp: String(expiresAt),
    ...(python === undefined ? {} : { api_key: python.appKey, api_secret: python.appSecret }),
  };
}

/** Of two expiries the earlier counts. Undefined for what is no token. */
export function readPythonToken(fields: Fields): Token | undefined {
  const { access_token: value = '', access_token_token_expired: text, timestamp } = fields;
  if (value.length <= 100 || !/^[\x21-\x7e]+$/.test(value)) return undefined;
  const expiries = [/^\d{1,12}$/.test(timestamp ?? '') ? Number(timestamp) * 1_000 : Number.NaN, readKoreanTime(text)];
  const expiresAtMs = Math.min(...expiries.filter((each) => !Number.isNaN(each)));
  if (!Number.isFinite(expiresAtMs)) return undefined;
  return { value, issuedAtMs: readIssuedAt(value) ?? expiresAtMs - DAY_MS, expiresAtMs };
}

/** `YYYY-MM-DD HH:MM:SS` in Korea. */
function koreanTime(epochMs: number): string {
  return new Date(epochMs + KOREA_MS).toISOString().slice(0, 19).replace('T', ' ');
}

function readKoreanTime(text: string | undefined): number {
  const [match, day, time] = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/.exec(text ?? '') ?? [];
  return match === undefined ? Number.NaN : Date.parse(`${day}T${time}+09:00`);
}

/** The JWT's `iat`, if the token is one. Epoch milliseconds. */
function readIssuedAt(value: string): number | undefined {
  try {
    const { iat } = JSON.parse(Buffer.from(value.split('.')[1] ?? '', 'base64url').toString()) as {
      readonly iat?: unknown;
    };
    return typeof iat === 'number' && Number.isFinite(iat) ? iat * 1_000 : undefined;
  } catch {
    return undefined;
  }
}
