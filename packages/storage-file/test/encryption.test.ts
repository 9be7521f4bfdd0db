import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { TokenRecord } from '@kis/token-core';
import { decodeVersion, encodeVersion } from '@kis/versioned-file/parts';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createFileStorage, type FileStorageEvent, type FileStorageOptions } from '../src/index.ts';
import { createSealing } from '../src/sealing.ts';
import { createTokenFormat } from '../src/token-format.ts';
import { record, storedNumber, writeOver } from './records.ts';
import { tempDirectory } from './temp-directory.ts';
import { startWriters } from './writer-processes.ts';

const key = 'real-1';
const encryptionKey = randomBytes(32);
const sealed = record(1);
const value = `testsecret+/=${randomBytes(90).toString('base64')}`;
const secret: TokenRecord = { ...sealed, token: { value, issuedAtMs: 1, expiresAtMs: 2 } };
const another = 'is encrypted with another `encryptionKey`, or was tampered with';

/** Everything that lies in a directory, and how a text may be hidden in it. */
function contents(directory: string): string {
  return readdirSync(directory)
    .map((name) => readFileSync(join(directory, name), 'latin1'))
    .join('\n');
}
function formsOf(text: string): string[] {
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.from('-'.repeat(shift) + text)
      .toString('base64')
      .slice(4, -4),
  );
  const base64url = base64.map((form) => form.replace(/\+/g, '-').replace(/\//g, '_'));
  const hex = Buffer.from(text).toString('hex');
  return [text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1), ...base64, ...base64url, hex];
}

function open(directory: string, options: FileStorageOptions = {}) {
  const events: FileStorageEvent[] = [];
  return { events, storage: createFileStorage({ directory, onEvent: (event) => events.push(event), ...options }) };
}

/** Changes a version file as one who knows the format: its outer sum fits again. */
function tamper(path: string, change: (text: string) => string): void {
  const payload = change(readFileSync(path, 'utf8').slice(PAYLOAD));
  writeFileSync(path, withSum(Buffer.from(payload)));
}
const PAYLOAD = '{"format":"kis-token-version/1","sha256":"'.length + 64 + 1;
function withSum(payload: Buffer): Buffer {
  const sum = createHash('sha256').update(payload).digest('hex');
  return Buffer.concat([Buffer.from(`{"format":"kis-token-version/1","sha256":"${sum}"`), payload]);
}

describe('with an `encryptionKey`', () => {
  test('nothing of the token is in any file, not even after a race, damage and a delete', async () => {
    for (const at of [{ directory: tempDirectory() }, { path: join(tempDirectory(), 'token.json') }]) {
      const directory = at.directory ?? join(at.path ?? '', '..');
      const storages = [1, 2, 3].map(() => createFileStorage({ ...at, encryptionKey }));
      for (let round = 0; round < 3; round += 1) {
        await Promise.all(
          storages.map(async (storage) => storage.compareAndSet(key, (await storage.read(key))?.version, secret)),
        );
      }
      expect((await storages[0]?.read(key))?.record).toEqual(secret);
      const newest =
        readdirSync(directory)
          .filter((name) => /\.v\d+\.json$/.test(name))
          .sort()
          .at(-1) ?? '';
      writeFileSync(join(directory, newest), readFileSync(join(directory, newest)).subarray(1));
      expect(await storages[1]?.read(key)).toBeUndefined();
      await storages[2]?.compareAndSet(key, undefined, secret);
      expect(readdirSync(directory).length).toBeGreaterThan(3);
      for (const form of formsOf(value)) expect(contents(directory)).not.toContain(form);
    }
  });

  test('the copy at `path` leaves the token out and says so', async () => {
    const path = join(tempDirectory(), 'token.json');
    const storage = createFileStorage({ path, encryptionKey });
    await storage.compareAndSet(key, undefined, secret);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
      note: 'A copy for people: changing it changes nothing. The token is encrypted, and not shown.',
      record: { token: { issuedAtMs: 1, expiresAtMs: 2 }, attempts: secret.attempts },
    });
    await storage.delete(key);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ record: null });
  });

  test('it is 32 bytes or their base64 text, which is the same', async () => {
    const directory = tempDirectory();
    await open(directory, { encryptionKey: new Uint8Array(encryptionKey) }).storage.compareAndSet(
      key,
      undefined,
      sealed,
    );
    for (const same of [encryptionKey, encryptionKey.toString('base64')]) {
      expect(await storedNumber(open(directory, { encryptionKey: same }).storage, key)).toBe(1);
    }
  });

  test('that is wiped after it was given, what was written can still be read', async () => {
    const given = Buffer.from(encryptionKey);
    const storage = createFileStorage({ directory: tempDirectory(), encryptionKey: given });
    given.fill(0);
    await writeOver(storage, key, 1, 1);
    expect(inspect(storage, { depth: 9, showHidden: true })).not.toContain(encryptionKey.toString('base64'));
    expect(await storedNumber(storage, key)).toBe(1);
  });

  test.each<[string, unknown]>([
    ['of 31 bytes', encryptionKey.subarray(1)],
    ['of 33 bytes in base64', Buffer.concat([encryptionKey, Buffer.of(7)]).toString('base64')],
    ['in hex', encryptionKey.toString('hex')],
    ['with a newline', `${encryptionKey.toString('base64')}\n`],
    ['without its last character', encryptionKey.toString('base64').slice(0, -1)],
    ['that is empty', ''],
    ['that is null', null],
    ['of numbers', [...encryptionKey]],
  ])('a key %s is refused at once, and not shown', (_what, bad) => {
    expect(() => createFileStorage({ encryptionKey: bad as string })).toThrow(
      new TypeError('storage-file: `encryptionKey` must be 32 bytes, or their base64 text'),
    );
  });

  test('a file that Python is to read is refused at once', () => {
    expect(() => createFileStorage({ path: '/x/token.key', format: 'python-pickle', encryptionKey })).toThrow(
      'storage-file: `encryptionKey` and `format` cannot be given together',
    );
  });

  test('two writes of one record have nothing in common but its length', () => {
    const sealing = createSealing(encryptionKey);
    const [a, b] = [sealing.seal('the same', 'label'), sealing.seal('the same', 'label')];
    expect([a.iv, a.tag, a.data].filter((part) => [b.iv, b.tag, b.data].includes(part))).toEqual([]);
  });
});

describe('a plain record', () => {
  test('is read with a key, and encrypted by the next write; three writes later it has left the disk', async () => {
    const directory = tempDirectory();
    const plain = open(directory).storage;
    await plain.compareAndSet(key, undefined, secret);
    expect(contents(directory)).toContain(value);
    const { storage, events } = open(directory, { encryptionKey });
    const found = await storage.read(key);
    expect(found?.record).toEqual(secret);
    let version = found?.version;
    for (let write = 0; write < 3; write += 1) version = await storage.compareAndSet(key, version, secret);
    expect(version).toMatch(/^4-/);
    for (const form of formsOf(value)) expect(contents(directory)).not.toContain(form);
    expect(events).toEqual([]);
  });

  test('is believed no more once an encrypted one stands beside it: it was put there', async () => {
    const directory = tempDirectory();
    const owner = open(directory, { encryptionKey }).storage;
    await owner.compareAndSet(key, undefined, sealed);
    const elsewhere = tempDirectory();
    await writeOver(open(elsewhere).storage, key, 3, 7);
    const path = join(directory, `${key}.v3.json`);
    writeFileSync(path, readFileSync(join(elsewhere, `${key}.v3.json`)), { mode: 0o600 });

    const { storage, events } = open(directory, { encryptionKey });
    expect(await storage.read(key)).toBeUndefined();
    expect(await storage.read(key)).toBeUndefined();
    const reason = 'is not encrypted, beside one that is';
    expect(events).toEqual([{ type: 'damaged', key, path, reason, keptAs: undefined }]);
    await expect(storage.compareAndSet(key, undefined, record(2))).rejects.toThrow(
      `storage-file: ${path} ${reason}; give all processes one key, or delete() the record`,
    );
    await expect(storage.probe()).rejects.toThrow(reason);
    await storage.delete(key);
    expect(await storage.compareAndSet(key, undefined, record(2))).toMatch(/^5-/);
    expect(await storedNumber(storage, key)).toBe(2);
  });

  test('leaves the disk at once by a delete', async () => {
    const directory = tempDirectory();
    await open(directory).storage.compareAndSet(key, undefined, secret);
    await open(directory, { encryptionKey }).storage.delete(key);
    expect(contents(directory)).not.toContain(value);
  });
});

describe('a record that is encrypted', () => {
  test.each<[string, FileStorageOptions, string]>([
    ['another key', { encryptionKey: randomBytes(32) }, another],
    ['no key', {}, 'is encrypted, and there is no `encryptionKey`'],
  ])('reads with %s as no record, which is said once, and is not overwritten', async (_whose, options, reason) => {
    const directory = tempDirectory();
    const path = join(directory, `${key}.v1.json`);
    const owner = open(directory, { encryptionKey }).storage;
    await owner.compareAndSet(key, undefined, sealed);
    const before = readFileSync(path);

    const { storage, events } = open(directory, options);
    expect(await storage.read(key)).toBeUndefined();
    expect(await storage.read(key)).toBeUndefined();
    expect(events).toEqual([{ type: 'damaged', key, path, reason, keptAs: undefined }]);
    await expect(storage.compareAndSet(key, undefined, record(2))).rejects.toThrow(
      `storage-file: ${path} ${reason}; give all processes one key, or delete() the record`,
    );
    expect(await storage.compareAndSet(key, '1-0000000000000000', record(2))).toBeUndefined();
    expect(readdirSync(directory)).toEqual([`${key}.v1.json`]);
    expect(readFileSync(path)).toEqual(before);
    expect(await storedNumber(owner, key)).toBe(1);
  });

  test('is shared by all who have the key', async () => {
    const directory = tempDirectory();
    const [one, two] = [1, 2].map(() => open(directory, { encryptionKey }).storage);
    if (one === undefined || two === undefined) throw new RangeError('two storages');
    await writeOver(one, key, 2, 1);
    expect(await storedNumber(two, key)).toBe(2);
    await writeOver(two, key, 2, 3);
    expect(await storedNumber(one, key)).toBe(4);
  });

  test('is shared by processes that have the key: no count is lost', async () => {
    const directory = tempDirectory();
    const writers = await startWriters(directory, 2, encryptionKey.toString('base64'));
    onTestFinished(writers.end);
    await writers.ask((index) => ({ type: 'count', key, name: `writer-${index}`, times: 5 }));
    const { storage, events } = open(directory, { encryptionKey });
    expect((await storage.read(key))?.record.attempts.map(({ count }) => count)).toEqual([5, 5]);
    expect(contents(directory)).not.toContain('writer-');
    expect(events).toEqual([]);
  });

  test('is taken over to another key by a delete', async () => {
    const directory = tempDirectory();
    await writeOver(open(directory, { encryptionKey }).storage, key, 2, 1);
    const { storage, events } = open(directory, { encryptionKey: randomBytes(32) });
    expect(await storage.read(key)).toBeUndefined();
    await storage.delete(key);
    await writeOver(storage, key, 1, 3);
    expect(await storedNumber(storage, key)).toBe(3);
    expect(events).toHaveLength(1);
    // And the one with the old key is now the stranger.
    await expect(open(directory, { encryptionKey }).storage.compareAndSet(key, undefined, sealed)).rejects.toThrow(
      another,
    );
  });

  test('and was damaged by accident is superseded like any other', async () => {
    const directory = tempDirectory();
    const { storage, events } = open(directory, { encryptionKey });
    await writeOver(storage, key, 1, 1);
    writeFileSync(join(directory, `${key}.v1.json`), readFileSync(join(directory, `${key}.v1.json`)).subarray(0, 400));
    expect(await storage.read(key)).toBeUndefined();
    expect(events).toMatchObject([{ reason: 'is not a whole record', keptAs: expect.any(String) }]);
    await writeOver(storage, key, 1, 2);
    expect(await storedNumber(storage, key)).toBe(2);
  });

  test.each<[string, (text: string) => string]>([
    ['data', (text) => text.replace(/("data":".{20})./, (_, start) => `${start}${'-'}`)],
    ['tag', (text) => swapFirst(text, 'tag')],
    ['initialisation vector', (text) => swapFirst(text, 'iv')],
    ['nonce', (text) => swapFirst(text, 'nonce')],
    ['predecessor', (text) => text.replace(/"prev":"[^"]+"/, '"prev":"1-0000000000000000"')],
    ['tag, cut to 12 bytes', (text) => text.replace(/("tag":".{16})[^"]*/, '$1')],
    ['data, which is gone', (text) => text.replace(/,"data":"[^"]*"/, '')],
  ])('and whose %s was tampered with, outer sum and all, is not read, and not overwritten', async (_part, change) => {
    const directory = tempDirectory();
    const { storage, events } = open(directory, { encryptionKey });
    await writeOver(storage, key, 2, 1);
    const path = join(directory, `${key}.v2.json`);
    const before = readFileSync(path);
    tamper(path, change);
    expect(readFileSync(path).equals(before)).toBe(false);
    expect(await storage.read(key)).toBeUndefined();
    expect(events).toMatchObject([{ type: 'damaged', path, reason: another, keptAs: undefined }]);
    await expect(storage.compareAndSet(key, undefined, record(3))).rejects.toThrow(another);
  });

  test('cannot be moved to another number or name', async () => {
    const directory = tempDirectory();
    const { storage } = open(directory, { encryptionKey });
    await writeOver(storage, key, 1, 1);
    for (const [name, n] of [
      [key, 2],
      ['real-2', 1],
    ] as const) {
      const path = join(directory, `${name}.v${n}.json`);
      writeFileSync(path, readFileSync(join(directory, `${key}.v1.json`)));
      tamper(path, (text) => text.replace(`"key":"${key}","n":1`, `"key":"${name}","n":${n}`));
      expect(existsSync(path)).toBe(true);
      expect(await storage.read(name)).toBeUndefined();
      await expect(storage.compareAndSet(name, undefined, record(2))).rejects.toThrow(another);
    }
  });

  test('shows every single bit that is flipped, though the outer sum fits', () => {
    const format = createTokenFormat(createSealing(encryptionKey));
    const body = { key, n: 12, nonce: '0123456789abcdef', prev: '11-fedcba9876543210', value: secret };
    const bytes = encodeVersion(body, format);
    expect(decodeVersion(bytes, format)?.value).toEqual(secret);
    for (let bit = 8 * PAYLOAD; bit < 8 * bytes.length; bit += 1) {
      const payload = Buffer.from(bytes.subarray(PAYLOAD));
      const at = Math.floor(bit / 8) - PAYLOAD;
      payload[at] = (payload[at] ?? 0) ^ (1 << (bit % 8));
      const found = decodeVersion(withSum(payload), format);
      expect(found?.value, `bit ${bit}`).toBeUndefined();
    }
  });

  test('shows whatever was put in the place of its parts', () => {
    const sealing = createSealing(encryptionKey);
    const good = sealing.seal('text', 'label');
    const part = fc.oneof(fc.string(), fc.base64String(), fc.anything());
    fc.assert(
      fc.property(fc.record({ iv: part, tag: part, data: part }, { requiredKeys: [] }), (parts) => {
        const changed = { ...good, ...parts } as typeof good;
        const isSame = changed.iv === good.iv && changed.tag === good.tag && changed.data === good.data;
        expect(sealing.open(changed, 'label')).toBe(isSame ? 'text' : undefined);
        expect(sealing.open(changed, 'other')).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Puts another character in the place of the first one of a part. */
function swapFirst(text: string, name: string): string {
  return text.replace(new RegExp(`("${name}":")(.)`), (_, start, first) => `${start}${first === 'a' ? 'b' : 'a'}`);
}
