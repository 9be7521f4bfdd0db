import fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Token, TokenRecord } from '@kis/token-core';
import type { EventSink } from '../events.ts';
import { replaceFile } from '../files.ts';
import type { PythonCredentials } from '../location.ts';
import type { PutMirror } from '../mirror.ts';
import { isMirrorCopy } from '../mirror-copy.ts';
import type { Owners } from '../owners.ts';
import { sha256 } from '../version-body.ts';
import { isOfAppKey } from './legacy-checks.ts';
import { isLegacyToken, type LegacyToken, parseLegacyFile } from './legacy-file.ts';
import { writePickle } from './pickle-writer.ts';
import { openSharedFile, type SharedFile } from './shared-file.ts';
import { koreanTime } from './times.ts';

/** What is to become of the file, or why it is left alone. */
type Plan = 'keep' | 'remove' | { readonly write: Token } | { readonly refusal: string };

/**
 * Keeps a pickle at `path` that Python programs read and write, too. Their later token is never written over; a dead one,
 * when there is no other, is removed as they remove it.
 */
export function createSharedPickle(options: {
  readonly path: string;
  readonly python: PythonCredentials | undefined;
  readonly owners: Owners;
  readonly emit: EventSink;
}): PutMirror {
  const { path, python, owners, emit } = options;
  /** What Python programs have said of themselves: their file may be gone when it is needed. */
  const heard = new Map<string, PythonCredentials>();
  let refusalSaid: string | undefined;

  const replace = (bytes: Buffer): Promise<void> =>
    replaceFile(path, join(dirname(path), owners.tempName()), bytes, true);

  function credentialsFor(key: string): PythonCredentials {
    const found = python !== undefined && isOfAppKey(key, python.appKey) ? python : heard.get(key);
    if (found !== undefined) return found;
    const missing = python === undefined ? 'takes' : 'is of another app key than';
    throw new Error(`storage-file: a pickle at ${path} ${missing} \`python: { appKey, appSecret }\``);
  }

  function learn(key: string, { owner, appSecret }: LegacyToken): void {
    if (owner?.field === 'api_key' && appSecret !== undefined) heard.set(key, { appKey: owner.appKey, appSecret });
  }

  function plan(key: string, record: TokenRecord, bytes: Buffer): Plan {
    const { token } = record;
    const found = parseLegacyFile(bytes);
    if (!isLegacyToken(found)) {
      // One that was cut is none for Python, either.
      if (!isMirrorCopy(bytes) && !isPickle(bytes)) return { refusal: 'was written by another program' };
      return token === undefined ? 'keep' : { write: token };
    }
    if (found.format !== 'python-pickle') return { refusal: `is of another format: ${found.format}` };
    if (found.owner === undefined || !isOfAppKey(key, found.owner.appKey)) {
      return { refusal: 'holds the token of another app key' };
    }
    learn(key, found);
    const isDead = record.dead.includes(sha256(found.token.value));
    if (token === undefined) return isDead ? 'remove' : 'keep';
    if (found.token.value === token.value) return 'keep';
    return isDead || !isLater(found.token, token) ? { write: token } : 'keep';
  }

  function planFor(key: string, record: TokenRecord, file: SharedFile, bytes: Buffer): Plan {
    // Under our name its owner could not read it any more.
    if (process.geteuid !== undefined && file.uid !== process.geteuid()) return { refusal: 'belongs to another user' };
    return plan(key, record, bytes);
  }

  function refuse(reason: string): boolean {
    if (refusalSaid !== reason) emit({ type: 'mirror-refused', path, reason });
    refusalSaid = reason;
    return false;
  }

  /** A program that had opened the file before it was replaced has written into what nobody can find any more. */
  async function rescue(record: TokenRecord, file: SharedFile, before: Buffer): Promise<void> {
    const bytes = await file.read();
    if (bytes.equals(before)) return;
    const found = parseLegacyFile(bytes);
    if (!isLegacyToken(found) || record.dead.includes(sha256(found.token.value))) return;
    if (record.token === undefined || isLater(found.token, record.token)) await replace(bytes);
  }

  return async ({ key }, { body }) => {
    const record = body?.record ?? undefined;
    if (record === undefined) return false;
    const file = await openSharedFile(path);
    if (typeof file === 'string') return refuse(`is ${file}`);
    if (file === undefined) {
      if (record.token === undefined) return false;
      await replace(encode(record.token, credentialsFor(key)));
      return true;
    }
    try {
      const bytes = await file.read();
      const next = planFor(key, record, file, bytes);
      if (next === 'keep') return false;
      if (next === 'remove') await fs.unlink(path);
      else if ('refusal' in next) return refuse(next.refusal);
      else await replace(encode(next.write, credentialsFor(key)));
      await rescue(record, file, bytes);
      return true;
    } finally {
      await file.close();
    }
  };
}

function isLater(token: Token, other: Token): boolean {
  return token.expiresAtMs > other.expiresAtMs;
}

/** PROTO of a protocol that Python 3 writes unless it is asked for another. */
function isPickle([opcode, protocol = 0]: Buffer): boolean {
  return opcode === 0x80 && protocol >= 2 && protocol <= 5;
}

/** The seven keys in the order in which Python programs write them. */
function encode(token: Token, { appKey, appSecret }: PythonCredentials): Buffer {
  return writePickle({
    access_token: token.value,
    access_token_token_expired: koreanTime(token.expiresAtMs),
    token_type: 'Bearer',
    expires_in: Math.max(0, Math.round((token.expiresAtMs - token.issuedAtMs) / 1_000)),
    timestamp: Math.floor(token.expiresAtMs / 1_000),
    api_key: appKey,
    api_secret: appSecret,
  });
}
