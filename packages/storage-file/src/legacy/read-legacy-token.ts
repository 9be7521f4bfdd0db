import type { Token } from '@kis/token-core';
import { hasCode, type Refusal, readRegularFile } from '@kis/versioned-file/parts';
import { LegacyTokenError } from '../errors.ts';
import { findOwnerFault } from './legacy-checks.ts';
import { isLegacyToken, type LegacyFault, type LegacyToken, parseLegacyFile } from './legacy-file.ts';

export interface ReadLegacyTokenOptions {
  /** Whose token it has to be: by the file's `api_key`, else by the token's own `jti`; where both lack it is taken on trust. */
  readonly appKey: string;
  /** Compared with the file's `api_secret`, where it has one. */
  readonly appSecret?: string | undefined;
}

/**
 * The token in a file of another program: the pickles of korea-investment-stock and mojito, the `token.json` of
 * korea-investment-stock in Go, the daily file of kis_auth.py, PyKis's JSON, and JSON caches with `expires_at`. Links are
 * followed, nothing is waited for, and no more than 1 MiB is read.
 *
 * Rejects with LegacyTokenError, whose `reason` says which check failed, and with TypeError naming a wrong option.
 */
export async function readLegacyToken(path: string, options: ReadLegacyTokenOptions): Promise<Token> {
  checkText('path', path);
  const appKey = checkText('appKey', options?.appKey);
  const appSecret = options.appSecret === undefined ? undefined : checkText('appSecret', options.appSecret);

  const fail = ({ reason, detail, cause }: LegacyFault): never => {
    throw new LegacyTokenError(path, reason, detail, cause);
  };
  const bytes = await readLegacyBytes(path);
  if ('reason' in bytes) return fail(bytes);
  const found = parseLegacyFile(bytes);
  if (!isLegacyToken(found)) return fail(found);
  const isAppKey = (other: string): boolean => other === appKey;
  const fault = findOwnerFault(found, { isAppKey, appSecret, mayBeUnnamed: true }) ?? findLifeFault(found, Date.now());
  return fault === undefined ? found.token : fail(fault);
}

/** Undefined: it has not expired. */
function findLifeFault({ format, token }: LegacyToken, nowMs: number): LegacyFault | undefined {
  if (nowMs < token.expiresAtMs) return undefined;
  const expiry = new Date(token.expiresAtMs).toISOString();
  return { reason: 'expired', detail: `(${format}) holds a token that expired at ${expiry}` };
}

/** The bytes at `path`, or why there are none. */
export async function readLegacyBytes(path: string): Promise<Buffer | LegacyFault> {
  let found: Buffer | Refusal;
  try {
    found = await readRegularFile(path, 'follow');
  } catch (cause) {
    if (hasCode(cause, 'ENOENT', 'ENOTDIR')) return { reason: 'not-found', detail: 'is not there', cause };
    const { code } = cause as NodeJS.ErrnoException;
    return { reason: 'unreadable', detail: `cannot be read: ${code ?? String(cause)}`, cause };
  }
  return typeof found === 'string' ? { reason: 'unreadable', detail: `is ${found}` } : found;
}

function checkText(name: string, value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw new TypeError(`storage-file: \`${name}\` must be a text that is not blank, got ${typeof value}`);
}
