import type { Token } from '@kis/token-core';
import type { LegacyTokenReason } from '../errors.ts';
import type { LegacyFormat } from '../events.ts';
import { epochMs, readJwt } from './jwt.ts';
import { readLegacyFields } from './legacy-fields.ts';
import { readTime } from './times.ts';

/** A token that another program has put into a file. */
export interface LegacyToken {
  readonly format: LegacyFormat;
  readonly token: Token;
  /** Whose it is, where that is said, and by which field. */
  readonly owner?: LegacyOwner | undefined;
  readonly appSecret?: string | undefined;
}

interface LegacyOwner {
  readonly appKey: string;
  readonly field: 'api_key' | 'jti';
}

/** Why a file gives no token. */
export interface LegacyFault {
  readonly reason: LegacyTokenReason;
  /** What follows the path in a message. */
  readonly detail: string;
  readonly cause?: unknown;
}

const DAY_MS = 86_400_000;

/** Reads a token file in any of the known formats, and judges neither owner nor expiry. */
export function parseLegacyFile(bytes: Buffer): LegacyToken | LegacyFault {
  if (bytes.length === 0) return { reason: 'no-token', detail: 'is empty' };
  let found: ReturnType<typeof readLegacyFields>;
  try {
    found = readLegacyFields(bytes);
  } catch (cause) {
    return { reason: 'unknown-format', detail: `is no pickle of a token: ${(cause as Error).message}`, cause };
  }
  if (found === undefined) return { reason: 'unknown-format', detail: 'is a token file of no known format' };

  const { format, fields } = found;
  const [name, value] = readValue(fields);
  if (typeof value !== 'string' || value.length <= 100 || !/^[\x21-\x7e]+$/.test(value)) {
    const detail = `(${format}) holds no token of over 100 characters that fits into a header: \`${name}\``;
    return { reason: 'no-token', detail };
  }
  const jwt = readJwt(value);
  const expiresAtMs = readExpiry(fields, jwt.expiresAtMs);
  if (expiresAtMs === undefined) {
    return { reason: 'no-token', detail: `(${format}) holds a token without a readable time of its expiry` };
  }
  const issuedAtMs = jwt.issuedAtMs ?? readTime(fields.get('cached_at'), 'local') ?? expiresAtMs - DAY_MS;
  return {
    format,
    token: { value, issuedAtMs, expiresAtMs },
    owner: ownerOf('api_key', fields.get('api_key')) ?? ownerOf('jti', jwt.appKey),
    appSecret: text(fields.get('api_secret')),
  };
}

export function isLegacyToken(found: LegacyToken | LegacyFault): found is LegacyToken {
  return 'token' in found;
}

/** What is left of a file by a crash, or by another program in the middle of its write. */
export function isBlank(bytes: Buffer): boolean {
  return /^[\s\0]*$/.test(bytes.toString('latin1'));
}

function readValue(fields: ReadonlyMap<string, unknown>): readonly [name: string, value: unknown] {
  const name = ['access_token', 'value', 'token'].find((each) => fields.has(each)) ?? 'access_token';
  return [name, fields.get(name)];
}

/**
 * All that is said of the expiry is the same by construction. Where it is not, somebody erred about a zone, and the earliest
 * counts: a token given up too early costs a question, one kept too long costs refused calls. KIS's own `exp` is asked
 * where the zone of the only time is a guess.
 */
function readExpiry(fields: ReadonlyMap<string, unknown>, expMs: number | undefined): number | undefined {
  const local = readTime(fields.get('expires_at'), 'local');
  const said = [
    epochMs(fields.get('timestamp')),
    readTime(fields.get('access_token_token_expired'), 'korean'),
    readTime(fields.get('valid-date'), 'korean'),
    local,
    local === undefined ? undefined : expMs,
  ].filter((ms) => ms !== undefined);
  return said.length === 0 ? undefined : Math.min(...said);
}

function ownerOf(field: LegacyOwner['field'], value: unknown): LegacyOwner | undefined {
  const appKey = text(value);
  return appKey === undefined ? undefined : { appKey, field };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
