import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { createMemoryStorage } from '../src/memory-storage.ts';
import type { TokenRecord, TokenStorage } from '../src/ports.ts';

/** A storage with one planted fault, and the one clause that has to find it. */
export interface Fault {
  /** "a storage that …" */
  readonly name: string;
  readonly clause: string;
  create(): TokenStorage;
}

export const faults: readonly Fault[] = [
  fault('reads something where nothing is stored', 'nothing is read under a key that was never written', (good) => {
    const written = new Set<string>();
    return {
      async read(key) {
        return written.has(key) ? good.read(key) : { record: { attempts: [], dead: [] }, version: '0' };
      },
      async compareAndSet(key, expected, record) {
        written.add(key);
        return good.compareAndSet(key, expected, record);
      },
    };
  }),
  fault(
    'reads another version than the write resolved to',
    'what was written is read back, with the version that the write resolved to',
    (good) => ({
      async read(key) {
        const found = await good.read(key);
        return found && { ...found, version: `read-${found.version}` };
      },
      compareAndSet: (key, expected, record) => good.compareAndSet(key, expected?.replace(/^read-/, ''), record),
    }),
  ),
  onRead(
    'keeps 19 attempts',
    'a record is stored whole: every optional field, 20 attempts, 5 dead tokens',
    (record) => ({ ...record, attempts: record.attempts.slice(0, 19) }),
  ),
  onRead(
    'keeps 4 dead tokens',
    'a record is stored whole: every optional field, 20 attempts, 5 dead tokens',
    (record) => ({ ...record, dead: record.dead.slice(0, 4) }),
  ),
  onRead(
    'knows no forced questions',
    'a record is stored whole: every optional field, 20 attempts, 5 dead tokens',
    (record) => ({ ...record, attempts: record.attempts.map(({ forced, ...attempt }) => attempt) }),
  ),
  fault(
    'takes a record with nothing in it for none',
    'a record without a token, without attempts and without dead tokens is a record',
    (good) => ({
      async read(key) {
        const found = await good.read(key);
        return isDeepStrictEqual(found?.record, { attempts: [], dead: [] }) ? undefined : found;
      },
    }),
  ),
  onRead('stores Latin letters only', 'text comes back as it was, whatever characters it has', (record) =>
    JSON.parse(Buffer.from(JSON.stringify(record), 'latin1').toString('latin1')),
  ),
  fault(
    "stores the caller's own object",
    'what the caller does to a record after writing it does not change what is stored',
    (good) => {
      const stored = new Map<string, TokenRecord>();
      return {
        async read(key) {
          const found = await good.read(key);
          return found && { ...found, record: structuredClone(stored.get(key) ?? found.record) };
        },
        async compareAndSet(key, expected, record) {
          const version = await good.compareAndSet(key, expected, record);
          if (version !== undefined) stored.set(key, record);
          return version;
        },
      };
    },
  ),
  fault('cuts the record that it is given', 'a write leaves the record that it is given as it was', (good) => ({
    async compareAndSet(key, expected, record) {
      const version = await good.compareAndSet(key, expected, record);
      (record.attempts as unknown[]).splice(19);
      return version;
    },
  })),
  fault(
    'gives all readers one object',
    'what a reader does to a record does not change what the next one reads',
    (good) => {
      const read = new Map<string, Stored>();
      return {
        async read(key) {
          const found = await good.read(key);
          if (found === undefined || read.get(key)?.version === found.version) return found && read.get(key);
          read.set(key, found);
          return found;
        },
      };
    },
  ),
  fault('deletes by the beginning of a key', 'keys are kept apart, also where one begins with the other', (good) => {
    const keys = new Set<string>();
    return {
      async compareAndSet(key, expected, record) {
        keys.add(key);
        return good.compareAndSet(key, expected, record);
      },
      async delete(start) {
        for (const key of keys) if (key.startsWith(start)) await good.delete(key);
      },
    };
  }),
  fault('cuts keys at 64 characters', 'a key may have 120 characters, and each of them counts', (good) => ({
    read: (key) => good.read(key.slice(0, 64)),
    compareAndSet: (key, expected, record) => good.compareAndSet(key.slice(0, 64), expected, record),
  })),
  fault(
    'keeps the old token when the new record has none',
    'a write that expects the stored version takes its place, and leaves nothing of what was there',
    (good) => ({
      async compareAndSet(key, expected, record) {
        const old = (await good.read(key))?.record.token;
        return good.compareAndSet(key, expected, old === undefined ? record : { token: old, ...record });
      },
    }),
  ),
  fault(
    'takes a record without a token for nothing stored',
    'a write that expects nothing is refused where a record is stored, even an empty one',
    (good) => ({
      async compareAndSet(key, expected, record) {
        const found = await good.read(key);
        const isNothing = found !== undefined && found.record.token === undefined;
        return good.compareAndSet(key, isNothing && expected === undefined ? found.version : expected, record);
      },
    }),
  ),
  fault(
    'writes whatever is expected where nothing is stored',
    'a write that expects a version is refused where nothing was ever stored',
    (good) => {
      const written = new Set<string>();
      return {
        async compareAndSet(key, expected, record) {
          const isNew = !written.has(key);
          written.add(key);
          return good.compareAndSet(key, isNew ? undefined : expected, record);
        },
      };
    },
  ),
  fault(
    'reads a version as a number',
    'a version that was never given does not fit, and the write changes nothing',
    (good) => ({
      compareAndSet: (key, expected, record) =>
        good.compareAndSet(key, expected === undefined ? undefined : String(Number(expected)), record),
    }),
  ),
  fault(
    'rejects over a version that it did not give',
    'a version that was never given does not fit, and the write changes nothing',
    (good) => ({
      async compareAndSet(key, expected, record) {
        if (expected !== undefined && !/^\d+$/.test(expected)) throw new Error('Not a version');
        return good.compareAndSet(key, expected, record);
      },
    }),
  ),
  fault(
    'takes a write of what is stored for a repeated one',
    'an old version does not fit, not even for the record that is stored',
    (good) => ({
      async compareAndSet(key, expected, record) {
        const found = await good.read(key);
        const isRepeated = expected !== undefined && isDeepStrictEqual(found?.record, record);
        return isRepeated ? found?.version : good.compareAndSet(key, expected, record);
      },
    }),
  ),
  fault(
    'makes its versions from the content',
    'an old version does not fit again when the same record is stored again',
    (good) => ({
      async read(key) {
        const found = await good.read(key);
        return found && { ...found, version: hash(found.record) };
      },
      async compareAndSet(key, expected, record) {
        const found = await good.read(key);
        const isExpected = found !== undefined && hash(found.record) === expected;
        const version = await good.compareAndSet(key, isExpected ? found.version : expected, record);
        return version && hash(record);
      },
    }),
  ),
  fault(
    'gives every second write the same version',
    'an old version does not fit again when the same record is stored again',
    (good) => {
      const ages = new Map<string, number>();
      const turn = (key: string, version: string): string => `${ages.get(key) ?? 0}-${Number(version) % 2}`;
      return {
        async read(key) {
          const found = await good.read(key);
          return found && { ...found, version: turn(key, found.version) };
        },
        async compareAndSet(key, expected, record) {
          const found = await good.read(key);
          const isExpected = found !== undefined && turn(key, found.version) === expected;
          const version = await good.compareAndSet(key, isExpected ? found.version : expected, record);
          return version && turn(key, version);
        },
        async delete(key) {
          ages.set(key, (ages.get(key) ?? 0) + 1);
          await good.delete(key);
        },
      };
    },
  ),
  fault('reads an empty record after a delete', 'after a delete nothing is read', (good) => {
    const deleted = new Set<string>();
    return {
      async read(key) {
        const found = await good.read(key);
        return found ?? (deleted.has(key) ? { record: { attempts: [], dead: [] }, version: '0' } : undefined);
      },
      async delete(key) {
        deleted.add(key);
        await good.delete(key);
      },
    };
  }),
  fault(
    'refuses the first write after a delete',
    'after a delete a write that expects nothing succeeds, with a version that was never given before',
    (good) => {
      const deleted = new Set<string>();
      return {
        async compareAndSet(key, expected, record) {
          return deleted.delete(key) ? undefined : good.compareAndSet(key, expected, record);
        },
        async delete(key) {
          if ((await good.read(key)) !== undefined) deleted.add(key);
          await good.delete(key);
        },
      };
    },
  ),
  fault(
    'counts from 1 again after a delete',
    'after a delete a write that expects nothing succeeds, with a version that was never given before',
    (good) => {
      const given = new Map<string, string[]>();
      const nameOf = (key: string, version: string): string => String((given.get(key) ?? []).indexOf(version) + 1);
      return {
        async read(key) {
          const found = await good.read(key);
          return found && { ...found, version: nameOf(key, found.version) };
        },
        async compareAndSet(key, expected, record) {
          const known = given.get(key) ?? [];
          const isName = expected !== undefined && /^[1-9]\d*$/.test(expected);
          const version = await good.compareAndSet(
            key,
            isName ? (known[Number(expected) - 1] ?? '0') : expected,
            record,
          );
          if (version === undefined) return undefined;
          given.set(key, [...known, version]);
          return nameOf(key, version);
        },
        async delete(key) {
          given.delete(key);
          await good.delete(key);
        },
      };
    },
  ),
  fault(
    'takes the version of what was deleted last',
    'a version from before a delete does not fit after it',
    (good) => {
      const last = new Map<string, string | undefined>();
      return {
        async compareAndSet(key, expected, record) {
          const isLast = expected !== undefined && last.get(key) === expected;
          return good.compareAndSet(key, isLast ? undefined : expected, record);
        },
        async delete(key) {
          last.set(key, (await good.read(key))?.version);
          await good.delete(key);
        },
      };
    },
  ),
  fault(
    'rejects when there is nothing to delete',
    'deleting what is not there, or no longer there, succeeds',
    (good) => ({
      async delete(key) {
        if ((await good.read(key)) === undefined) throw new Error('ENOENT');
        await good.delete(key);
      },
    }),
  ),
  fault('cannot be closed', 'a storage that can be closed closes', () => ({
    async close() {
      throw new Error('Still busy');
    },
  })),
  fault(
    'looks, and then writes where nothing was',
    'of writes at one moment that expect nothing exactly one succeeds, and is what is stored',
    (good) => ({
      async compareAndSet(key, expected, record) {
        if (expected !== undefined) return good.compareAndSet(key, expected, record);
        return (await good.read(key)) === undefined ? writeAnyway(good, key, record) : undefined;
      },
    }),
  ),
  fault(
    'looks, and then writes where something was deleted',
    'of writes at one moment that expect nothing exactly one succeeds, and is what is stored',
    (good) => {
      const deleted = new Set<string>();
      return {
        async compareAndSet(key, expected, record) {
          if (expected !== undefined || !deleted.has(key)) return good.compareAndSet(key, expected, record);
          return (await good.read(key)) === undefined ? writeAnyway(good, key, record) : undefined;
        },
        async delete(key) {
          deleted.add(key);
          await good.delete(key);
        },
      };
    },
  ),
  fault(
    'looks, and then writes over what was there',
    'of writes at one moment that expect one version exactly one succeeds, and is what is stored',
    (good) => ({
      async compareAndSet(key, expected, record) {
        if (expected === undefined) return good.compareAndSet(key, expected, record);
        return (await good.read(key))?.version === expected ? writeAnyway(good, key, record) : undefined;
      },
    }),
  ),
  fault(
    'writes a record in two steps',
    'while writes go on, a read gives the last write that had resolved or a later one, whole',
    (good) => {
      const coming = new Map<string, TokenRecord>();
      return {
        async read(key) {
          const found = await good.read(key);
          return found && { ...found, record: { ...found.record, ...pick(coming.get(key)) } };
        },
        async compareAndSet(key, expected, record) {
          coming.set(key, record);
          await nextTurn();
          const version = await good.compareAndSet(key, expected, record);
          coming.delete(key);
          return version;
        },
      };
    },
  ),
  fault(
    'says nothing to watchers after a write',
    'a watcher, where the storage has them, is called soon after every write, when it can be read',
    (good) => tellWatchers(good, { ofDeletes: 'after' }),
  ),
  fault(
    'says nothing to watchers after a delete',
    'a watcher, where the storage has them, is called soon after a delete, when it can be read',
    (good) => tellWatchers(good, { ofWrites: 'after' }),
  ),
  fault(
    'tells watchers of a write before it can be read',
    'a watcher, where the storage has them, is called soon after every write, when it can be read',
    (good) => tellWatchers(good, { ofWrites: 'before', ofDeletes: 'after' }),
  ),
  fault(
    'tells watchers of a delete before it can be read',
    'a watcher, where the storage has them, is called soon after a delete, when it can be read',
    (good) => tellWatchers(good, { ofWrites: 'after', ofDeletes: 'before' }),
  ),
  fault(
    'calls a watcher only once',
    'a watcher, where the storage has them, is called soon after every write, when it can be read',
    (good) => ({
      watch(key, onChange) {
        const end = good.watch?.(key, () => {
          end?.();
          onChange();
        });
        return () => end?.();
      },
    }),
  ),
  fault('calls the watchers of all keys', 'a watcher is not called for the changes of other keys', (good) =>
    tellWatchers(good, { ofWrites: 'after', ofDeletes: 'after', ofOthers: true }),
  ),
  fault('does not let a watcher go', 'a watcher that has unsubscribed is not called any more', (good) => ({
    watch(key, onChange) {
      good.watch?.(key, onChange);
      return () => {};
    },
  })),
  fault('ends all watchers with one', 'a watcher that unsubscribes does not take another with it', (good) => {
    const ends: (() => void)[] = [];
    return {
      watch(key, onChange) {
        ends.push(good.watch?.(key, onChange) ?? (() => {}));
        return () => {
          for (const end of ends) end();
        };
      },
    };
  }),
];

type Stored = Awaited<ReturnType<TokenStorage['read']>>;

function fault(name: string, clause: string, change: (good: TokenStorage) => Partial<TokenStorage>): Fault {
  return {
    name,
    clause,
    create() {
      const good = createMemoryStorage();
      return { ...good, ...change(good) };
    },
  };
}

/** Changes every record on its way out. */
function onRead(name: string, clause: string, change: (record: TokenRecord) => TokenRecord): Fault {
  return fault(name, clause, (good) => ({
    async read(key) {
      const found = await good.read(key);
      return found && { ...found, record: change(found.record) };
    },
  }));
}

async function writeAnyway(good: TokenStorage, key: string, record: TokenRecord): Promise<string | undefined> {
  await nextTurn();
  return good.compareAndSet(key, (await good.read(key))?.version, record);
}

function pick(record: TokenRecord | undefined): Partial<TokenRecord> {
  return record?.token === undefined ? {} : { token: record.token };
}

type Moment = 'before' | 'after' | undefined;

function tellWatchers(
  good: TokenStorage,
  told: { readonly ofWrites?: Moment; readonly ofDeletes?: Moment; readonly ofOthers?: boolean },
): Partial<TokenStorage> {
  const { ofWrites, ofDeletes, ofOthers = false } = told;
  const watchers = new Set<{ readonly key: string; readonly onChange: () => void }>();

  function call(key: string): void {
    for (const watcher of watchers) if (ofOthers || watcher.key === key) watcher.onChange();
  }

  async function tell<T>(key: string, moment: Moment, change: () => Promise<T>): Promise<T> {
    if (moment === 'before') {
      call(key);
      await nextTurn();
    }
    const changed = await change();
    if (moment === 'after') call(key);
    return changed;
  }

  return {
    compareAndSet: (key, expected, record) => tell(key, ofWrites, () => good.compareAndSet(key, expected, record)),
    delete: (key) => tell(key, ofDeletes, () => good.delete(key)),
    watch(key, onChange) {
      const watcher = { key, onChange };
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
}

function hash(record: TokenRecord): string {
  return createHash('sha256').update(JSON.stringify(record)).digest('hex');
}
