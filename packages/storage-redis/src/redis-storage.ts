import { randomBytes } from 'node:crypto';
import { createRedisConnection, type RedisHealth } from '@kis/redis-connection';
import type { TokenRecord, TokenStorage } from '@kis/token-core';
import { createEventSink } from './events.ts';
import { type Place, placeOf, sha256 } from './names.ts';
import { checkOptions, type RedisStorageOptions } from './options.ts';
import { type Fields, pythonNames, toPythonFields } from './python-fields.ts';
import { createReports } from './reports.ts';
import { deleteScript, writeScript } from './scripts.ts';
import { readStored, type Stored, versionOf } from './stored.ts';
import { createWatch } from './watch.ts';

export interface RedisStorage extends TokenStorage {
  /** Whether Redis answers, how fast, and in which role. Never rejects. */
  health(): Promise<RedisHealth>;
}

const HOUR_MS = 3_600_000;
/** No token lives longer: so long may a process hold one that is dead. */
const DAY_MS = 24 * HOUR_MS;
/** That a record was deleted is known for as long as a process may be cut off. */
const GRAVE_MS = HOUR_MS;

/**
 * A storage that servers share through Redis. A record is a hash, written by one script; the Python program
 * korea-investment-stock finds its token there, and its token is found. Everything rejects with RedisError within
 * `commandTimeoutMs`; `close()` ends watchers and the connection, unless it is that of a `client`.
 *
 * @throws TypeError, RangeError naming the option that is wrong; Error where ioredis is not there.
 */
export function createRedisStorage(options: RedisStorageOptions = {}): RedisStorage {
  const { keyPrefix } = checkOptions(options);
  const { python } = options;
  const emit = createEventSink(options.onEvent);
  const connection = createRedisConnection({ ...options, onEvent: emit });
  const report = createReports(emit);
  const place = (key: string): Place => placeOf(keyPrefix, key);
  const watch = createWatch(connection, async (where) => (await look(where)).version);

  async function look(where: Place): Promise<Stored> {
    const stored = readStored(toFields(await connection.call('hgetall', where.redisKey)), where);
    report(where, stored);
    return stored;
  }

  function pythonFields({ token }: TokenRecord, { appKeyHash }: Place): Fields {
    if (token === undefined) return {};
    const isTheirs = python !== undefined && sha256(python.appKey) === appKeyHash;
    return toPythonFields(token, isTheirs ? python : undefined);
  }

  /** The new version, or what is stored instead. */
  async function write(where: Place, over: Stored | string, record: TokenRecord): Promise<string | Stored> {
    const expected = typeof over === 'string' ? over : over.version;
    const shared = pythonFields(record, where);
    const fields = { ...shared, kis_version: createNonce(), kis_record: JSON.stringify(record) };
    const next = versionOf(fields);
    // Theirs go with the token; those that say whose it is stay with it.
    const gone = record.token === undefined ? pythonNames : [];
    const answer = await connection.evaluate(
      writeScript,
      [where.redisKey],
      [
        ...[expected, next, where.channel],
        ...[record.token?.expiresAtMs ?? 0, leastMs(record)],
        ...[typeof over !== 'string' && over.isDamaged ? 1 : 0, gone.length, ...gone],
        ...Object.entries(fields).flat(),
      ],
    );
    return answer === 1 ? next : readStored(toFields(answer), where);
  }

  return {
    isVolatile: true,
    async read(key) {
      const { record, version } = await look(place(key));
      return record && { record, version };
    },
    async compareAndSet(key, expected, record) {
      const where = place(key);
      let written = await write(where, expected ?? '', record);
      // What is no record counts as nothing, and is written over.
      if (expected === undefined && typeof written !== 'string' && written.record === undefined) {
        written = await write(where, written, record);
      }
      return typeof written === 'string' ? written : undefined;
    },
    async delete(key) {
      const where = place(key);
      const rest = [createNonce(), where.channel, GRAVE_MS];
      // Only what was found: a command that is carried out late must not take what was written since.
      let answer: unknown = '';
      while (answer !== 1) {
        answer = await connection.evaluate(deleteScript, [where.redisKey], [String(answer), ...rest]);
      }
    },
    watch: (key, onChange) => watch.subscribe(place(key), onChange),
    health: () => connection.health(),
    async close() {
      watch.close();
      await connection.close();
    },
  };
}

/** From its last write, whatever its token says. */
function leastMs({ dead }: TokenRecord): number {
  return dead.length > 0 ? DAY_MS : HOUR_MS;
}

function createNonce(): string {
  return randomBytes(8).toString('hex');
}

/** ioredis gives an object for the command, and the list of a script as it is. */
function toFields(answer: unknown): Fields {
  if (!Array.isArray(answer)) return { ...(answer as Fields) };
  return Object.fromEntries(answer.flatMap((name, n) => (n % 2 === 0 ? [[String(name), String(answer[n + 1])]] : [])));
}
