import { randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { inspect } from 'node:util';
import type { TokenRecord, TokenStorage } from '@kis/token-core';
import { open } from 'lmdb';

export interface LmdbStorageOptions {
  /** The directory of the database; made with mode 0700 where it is missing. A bad one is a TypeError. */
  readonly path: string;
}

/** Keeps tokens in LMDB, for all processes of a host. */
export function createLmdbStorage({ path }: LmdbStorageOptions): TokenStorage {
  if (typeof path !== 'string' || path === '') {
    throw new TypeError(`createLmdbStorage: path must name a directory, not ${inspect(path)}`);
  }
  mkdirSync(path, { recursive: true, mode: 0o700 });
  // Without its batches and overlapping syncs LMDB rejects a write that fails, and nothing else.
  const plainWrites = { eventTurnBatching: false, overlappingSync: false };
  const files = { path, noSubdir: false, permissionsMode: 0o600 };
  const db = open<string, string>({ ...files, ...plainWrites, encoding: 'string', useVersions: true });

  async function find(key: string) {
    // Else what others write meanwhile is not seen before the next turn of the event loop.
    db.resetReadTxn();
    const entry = db.getEntry(key);
    const record = parse(entry?.value);
    if (record === undefined) process.emitWarning(`kis-storage-lmdb: ${path} holds no record under ${key}`);
    return { over: entry?.version, stored: record ? { record, version: String(entry?.version) } : undefined };
  }

  /** The one conditional write: LMDB compares and writes in one transaction, in this process or another. */
  async function put(key: string, over: number | undefined, record: TokenRecord | null): Promise<string | undefined> {
    // By chance and not by counting, so that a database that was removed and made anew repeats none.
    const version = randomInt(1, 2 ** 48 - 1);
    const text = JSON.stringify(record);
    try {
      const isPut = await (over === undefined
        ? db.ifNoExists(key, () => void db.put(key, text, version))
        : db.put(key, text, version, over));
      return isPut ? String(version) : undefined;
    } catch (error) {
      // The cause comes by a promise of its own, which has to be heard.
      throw (await (error as { commitError?: Promise<never> }).commitError?.catch((cause) => cause)) ?? error;
    }
  }

  return {
    read: async (key) => (await find(key)).stored,
    async compareAndSet(key, expected, record) {
      const { over, stored } = await find(key);
      return stored?.version === expected ? put(key, over, record) : undefined;
    },
    async delete(key) {
      for (;;) {
        const { over, stored } = await find(key);
        if (stored === undefined || (await put(key, over, null)) !== undefined) return;
      }
    },
    close: () => db.close(),
  };
}

/** `null`: emptiness, which a delete leaves with a version of its own. `undefined`: no record. */
function parse(text = 'null'): TokenRecord | null | undefined {
  try {
    const value = JSON.parse(text);
    return value === null || (Array.isArray(value.attempts) && Array.isArray(value.dead)) ? value : undefined;
  } catch {
    return undefined;
  }
}
