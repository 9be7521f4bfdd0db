import type { Token } from '@kis/token-core';
import { type Refusal, sha256 } from '@kis/versioned-file/parts';
import { isOfAppKey } from '../legacy/legacy-checks.ts';
import { isBlank, isLegacyToken, type LegacyToken, parseLegacyFile } from '../legacy/legacy-file.ts';
import { writePickle } from '../legacy/pickle-writer.ts';
import { koreanTime } from '../legacy/times.ts';
import type { PythonCredentials } from '../location.ts';
import { isMirrorCopy } from '../mirror-copy.ts';
import type { RecordBody } from '../newest-record.ts';
import type { SharedLook } from './shared-file.ts';

/** What is to become of a pickle that is shared with Python programs, or why it is left alone. */
export type PicklePlan = 'keep' | 'remove' | 'write' | { readonly refusal: string };

export interface PicklePlans {
  /**
   * Their later token is never written over. A dead one, when there is no other, is removed as they remove it, and so is
   * any of a record that was deleted.
   */
  planFor(body: Planned, look: SharedLook | Refusal | undefined): PicklePlan;
  /** As they would write it. Throws where nobody has said with which app secret. */
  encode(key: string, token: Token): Buffer;
}

/** Of a version; a record that is missing was deleted. */
type Planned = Pick<RecordBody, 'key' | 'value'>;

export function createPicklePlans(path: string, python: PythonCredentials | undefined): PicklePlans {
  /** What Python programs have said of themselves: their file may be gone when it is needed. */
  const heard = new Map<string, PythonCredentials>();

  function givenFor(key: string): PythonCredentials | undefined {
    return python !== undefined && isOfAppKey(key, python.appKey) ? python : undefined;
  }

  function learn(key: string, { owner, appSecret }: LegacyToken): void {
    if (owner?.field === 'api_key' && appSecret !== undefined) heard.set(key, { appKey: owner.appKey, appSecret });
  }

  return {
    planFor({ key, value: record }, look) {
      const token = record?.token;
      const put = token === undefined ? 'keep' : 'write';
      if (look === undefined) return put;
      if (typeof look === 'string') return { refusal: `is ${look}` };
      // Under our name its owner could not read it any more.
      if (process.geteuid !== undefined && look.uid !== process.geteuid())
        return { refusal: 'belongs to another user' };
      const found = parseLegacyFile(look.bytes);
      if (!isLegacyToken(found)) {
        // One that was cut is none for Python, either.
        const isNobodys = isMirrorCopy(look.bytes) || isBlank(look.bytes) || isCutPickle(look.bytes);
        return isNobodys ? put : { refusal: 'was written by another program' };
      }
      if (found.format !== 'python-pickle') return { refusal: `is of another format: ${found.format}` };
      if (found.owner === undefined || !isOfAppKey(key, found.owner.appKey)) {
        return { refusal: 'holds the token of another app key' };
      }
      learn(key, found);
      if (record === undefined) return 'remove';
      const isDead = record.dead.includes(sha256(found.token.value));
      if (token === undefined) return isDead ? 'remove' : 'keep';
      if (found.token.value === token.value) {
        return found.appSecret === (givenFor(key) ?? found).appSecret ? 'keep' : 'write';
      }
      return isDead || found.token.expiresAtMs <= token.expiresAtMs ? 'write' : 'keep';
    },
    encode(key, token) {
      const credentials = givenFor(key) ?? heard.get(key);
      if (credentials !== undefined) return encode(token, credentials);
      const missing = python === undefined ? 'takes' : 'is of another app key than';
      throw new Error(`storage-file: a pickle at ${path} ${missing} \`python: { appKey, appSecret }\``);
    },
  };
}

/** How a pickle begins, by a protocol that Python 3 writes unless it is asked for another, and how a whole one ends. */
const PROTO = 0x80;
const STOP = 0x2e;

function isCutPickle(bytes: Buffer): boolean {
  const [opcode, protocol = 0] = bytes;
  return opcode === PROTO && protocol >= 2 && protocol <= 5 && bytes.at(-1) !== STOP;
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
