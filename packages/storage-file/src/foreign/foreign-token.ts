import fs from 'node:fs/promises';
import type { Token, TokenRecord } from '@kis/token-core';
import { sha256 } from '@kis/versioned-file/parts';
import type { LegacyTokenReason } from '../errors.ts';
import type { EventSink, FileStorageEvent } from '../events.ts';
import { identityOf } from '../file-identity.ts';
import { findOwnerFault, isOfAppKey } from '../legacy/legacy-checks.ts';
import { isBlank, isLegacyToken, type LegacyFault, type LegacyToken, parseLegacyFile } from '../legacy/legacy-file.ts';
import { readLegacyBytes } from '../legacy/read-legacy-token.ts';
import { isMirrorCopy } from '../mirror-copy.ts';
import { lookPatiently } from './patience.ts';

/** The token that another program keeps in the file at `path`. */
export interface ForeignToken {
  /** The token there if it is that of `key`, later than the record's, and not dead. Whether it has expired is the manager's to judge. Never rejects. */
  find(key: string, record: TokenRecord | undefined): Promise<Token | undefined>;
}

/** What stood at `path`, under an identity that changes with it. */
interface Sight {
  readonly identity: string;
  readonly contentId: string;
  /** Undefined: nothing of another program. */
  readonly found: LegacyToken | LegacyFault | undefined;
  readonly firstReadMs: number;
  readonly lastReadMs: number;
}

/** Two writes within one tick of a file system's clock leave the same time of change: so long a young file is read again. */
const TICK_MS = 2_000;

export function createForeignToken(path: string, emit: EventSink): ForeignToken {
  let last: Sight | undefined;
  const said = new Map<string, string>();

  /** Once for each content, and for each key that asks. */
  function say(key: string, { contentId }: Sight, what: string, event: FileStorageEvent): void {
    const id = `${contentId} ${what}`;
    if (said.get(key) === id) return;
    said.set(key, id);
    emit(event);
  }

  async function read(identity: string, before: Sight | undefined): Promise<Sight> {
    const nowMs = performance.now();
    // The second look at the same file has been waited for.
    const bytes = before === undefined ? await readPatiently(path) : await readLegacyBytes(path);
    const sight = { identity, firstReadMs: before?.firstReadMs ?? nowMs, lastReadMs: nowMs };
    if ('reason' in bytes) return { ...sight, contentId: bytes.detail, found: bytes };
    return { ...sight, contentId: sha256(bytes), found: isNobodys(bytes) ? undefined : parseLegacyFile(bytes) };
  }

  return {
    async find(key, record) {
      const identity = await identify(path);
      const before = last?.identity === identity ? last : undefined;
      const isSettled =
        before !== undefined && before.lastReadMs - before.firstReadMs > TICK_MS && !isUnreadable(before);
      const sight = isSettled ? before : await read(identity, before);
      last = sight;
      const { found } = sight;
      if (found === undefined) return undefined;
      const refuse = (reason: LegacyTokenReason | 'dead'): undefined => {
        say(key, sight, reason, { type: 'import-refused', path, reason });
      };

      if (!isLegacyToken(found)) {
        // At the first look the other program may have been in the middle of its write.
        const isConfirmed = before?.contentId === sight.contentId && found.reason !== 'not-found';
        return isConfirmed ? refuse(found.reason) : undefined;
      }
      const fault = findOwnerFault(found, { isAppKey: (appKey) => isOfAppKey(key, appKey), mayBeUnnamed: false });
      if (fault !== undefined) return refuse(fault.reason);
      const { token, format } = found;
      if (record?.token !== undefined && token.expiresAtMs <= record.token.expiresAtMs) return undefined;
      if (record?.dead.includes(sha256(token.value))) return refuse('dead');
      say(key, sight, 'imported', { type: 'imported', key, path, format, expiresAtMs: token.expiresAtMs });
      return token;
    },
  };
}

/** Other programs write in place: half a file is soon whole. */
function readPatiently(path: string): Promise<Buffer | LegacyFault> {
  const isWhole = (seen: Buffer | LegacyFault): boolean =>
    'reason' in seen || isMirrorCopy(seen) || isLegacyToken(parseLegacyFile(seen));
  return lookPatiently(() => readLegacyBytes(path), isWhole);
}

function isNobodys(bytes: Buffer): boolean {
  return isMirrorCopy(bytes) || isBlank(bytes);
}

/** Of the file that a link leads to. */
async function identify(path: string): Promise<string> {
  try {
    return identityOf(await fs.stat(path, { bigint: true }));
  } catch {
    // Reading it says why.
    return 'none';
  }
}

/** Permission may come without the file being touched. */
function isUnreadable({ found }: Sight): boolean {
  return found !== undefined && 'reason' in found && found.reason === 'unreadable';
}
