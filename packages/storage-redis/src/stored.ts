import { createHash } from 'node:crypto';
import type { Token, TokenRecord } from '@kis/token-core';
import { type Place, sha256 } from './names.ts';
import { type Fields, readPythonToken } from './python-fields.ts';
import { readRecord } from './record-text.ts';

/** What stands in a hash. */
export interface Stored {
  /** Another one after every write, be it ours or Python's, and after a delete. `''`: nothing was ever there. */
  readonly version: string;
  /** Undefined: nothing, or what is no record. */
  readonly record: TokenRecord | undefined;
  readonly isDamaged: boolean;
  /** A token that our last write did not leave there. */
  readonly python?: { readonly token: Token } | { readonly refused: 'no-token' | 'wrong-app-key' | 'dead' } | undefined;
}

/** As the script makes it out of the same fields: our last write, bound to the token that it left for Python. */
export function versionOf(fields: Fields): string {
  const { kis_version: nonce, access_token: token, timestamp } = fields;
  if (nonce === undefined && token === undefined) return '';
  const bound = createHash('sha1')
    .update(`${token ?? ''}\n${timestamp ?? ''}`)
    .digest('hex');
  return `${nonce ?? '0'}-${bound}`;
}

export function readStored(fields: Fields, place: Place): Stored {
  const version = versionOf(fields);
  const own = fields.kis_record === undefined ? undefined : readRecord(fields.kis_record);
  const isDamaged = own === undefined && fields.kis_record !== undefined;
  const python = fields.access_token === undefined ? undefined : readForeign(fields, place, own);
  if (python === undefined || 'refused' in python) return { version, record: own, isDamaged, python };
  const isLater = own?.token === undefined || python.token.expiresAtMs > own.token.expiresAtMs;
  if (!isLater) return { version, record: own, isDamaged };
  return { version, record: { attempts: [], dead: [], ...own, token: python.token }, isDamaged, python };
}

function readForeign(fields: Fields, { appKeyHash }: Place, own: TokenRecord | undefined): Stored['python'] {
  if (fields.access_token === own?.token?.value) return undefined;
  const token = readPythonToken(fields);
  if (token === undefined) return { refused: 'no-token' };
  if (fields.api_key !== undefined && sha256(fields.api_key) !== appKeyHash) return { refused: 'wrong-app-key' };
  return own?.dead.includes(sha256(token.value)) ? { refused: 'dead' } : { token };
}
