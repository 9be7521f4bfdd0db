import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { decodeVersion, encodeVersion, sha256 } from '@kis/versioned-file/parts';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { createFileStorage, type FileStorageEvent } from '../src/index.ts';
import { createTokenFormat } from '../src/token-format.ts';
import { PLANTS } from './plants.ts';
import { needPosix } from './posix.ts';
import { record, storedNumber, writeOver } from './records.ts';
import { fsError, replace } from './stopped-calls.ts';
import { tempDirectory } from './temp-directory.ts';

const key = 'real-1';
const control = 'real-2';

const damage: fc.Arbitrary<(bytes: Buffer) => Buffer> = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }).map((part) => (bytes: Buffer) => {
    return bytes.subarray(0, Math.floor(part * bytes.length));
  }),
  fc
    .tuple(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), fc.integer({ min: 1, max: 255 }))
    .map(([part, mask]) => (bytes: Buffer) => {
      const copy = Buffer.from(bytes);
      const at = Math.floor(part * bytes.length);
      copy[at] = (copy[at] ?? 0) ^ mask;
      return copy;
    }),
  fc.uint8Array({ minLength: 1, maxLength: 50 }).map((tail) => (bytes: Buffer) => Buffer.concat([bytes, tail])),
  fc.uint8Array({ minLength: 1, maxLength: 50 }).map((head) => (bytes: Buffer) => Buffer.concat([head, bytes])),
  fc.uint8Array({ maxLength: 1_000 }).map((noise) => () => Buffer.from(noise)),
  fc.jsonValue().map((value) => () => Buffer.from(JSON.stringify(value))),
  fc
    .constantFrom('', 'null', '[]', '{}', '\uFEFF{}', '\0'.repeat(600), '{"access_token":"x","expires_in":86400}')
    .map((text) => () => Buffer.from(text)),
);

describe('F6: a file whose sum fits, and whose content is no record,', () => {
  const attempt = '{"id":"a","by":"b","atMs":1,"outcome":"issued"}';
  const label = '"key":"real-1","n":1,"nonce":"00","prev":null';
  const whole = `{"attempts":[${attempt}],"dead":["x"],"token":{"value":"v","issuedAtMs":1,"expiresAtMs":2}}`;
  const plant = (directory: string, content: string): string => {
    const payload = `,${content}}\n`;
    const path = `${directory}/${key}.v1.json`;
    writeFileSync(path, `{"format":"kis-token-version/1","sha256":"${sha256(payload)}"${payload}`, { mode: 0o600 });
    return path;
  };

  test('is told from one that is', async () => {
    const directory = tempDirectory();
    plant(directory, `${label},"record":${whole}`);
    expect((await createFileStorage({ directory }).read(key))?.record).toEqual(JSON.parse(whole));
    const later = whole.replace('"issued"', '"of a later version","more":1').replace('"dead"', '"more":{},"dead"');
    plant(directory, `${label},"record":${later}`);
    expect((await createFileStorage({ directory }).read(key))?.record).toEqual(JSON.parse(later));
  });

  test.each([
    label,
    ...['5', '"x"', 'false', '{}', '[]'].map((record) => `${label},"record":${record}`),
    ...['null', '5', '"x"'].map((sealed) => `${label},"sealed":${sealed}`),
    ...[
      ['"dead":["x"]', '"dead":[1]'],
      ['"dead":["x"]', '"dead":null'],
      [`[${attempt}]`, 'null'],
      [`[${attempt}]`, '{}'],
      [attempt, 'null'],
      ['"atMs":1', '"atMs":"x"'],
      ['"atMs":1', '"atMs":1,"leaseMs":"x"'],
      ['"atMs":1', '"atMs":1,"forced":1'],
      ['"id":"a"', '"id":7'],
      ['"by":"b",', ''],
      ['"value":"v"', '"value":5'],
      ['"expiresAtMs":2', '"expiresAtMs":null'],
      ['{"value"', '5,"x":{"value"'],
    ].map(([from = '', to = '']) => `${label},"record":${whole.replace(from, to)}`),
    `${label.replace('"00"', '0')},"record":${whole}`,
    `${label.replace('null', '1')},"record":${whole}`,
  ])('counts as damaged: %s', async (content) => {
    for (const encryptionKey of [undefined, Buffer.alloc(32, 1)]) {
      const directory = tempDirectory();
      const path = plant(directory, content);
      const bytes = readFileSync(path);
      const events: FileStorageEvent[] = [];
      const storage = createFileStorage({ directory, encryptionKey, onEvent: (event) => events.push(event) });
      expect(await storage.read(key)).toBeUndefined();
      const keptAs = expect.stringContaining('damaged-');
      expect(events).toEqual([{ type: 'damaged', key, path, reason: 'is not a whole record', keptAs }]);
      const [{ keptAs: copy = '' } = {}] = events as { keptAs?: string }[];
      expect(readFileSync(copy)).toEqual(bytes);
      expect(await storage.compareAndSet(key, undefined, record(2))).toMatch(/^2-/);
      expect(await storedNumber(storage, key)).toBe(2);
      await storage.delete(key);
      expect(await storage.read(key)).toBeUndefined();
    }
  });
});

describe('F6: a damaged file', () => {
  test('is told in 1,000 random cases, while an undamaged one beside it is always read', {
    timeout: 120_000,
  }, async () => {
    const directory = tempDirectory();
    const events: FileStorageEvent[] = [];
    const storage = createFileStorage({ directory, onEvent: (event) => events.push(event) });
    let round = 0;
    let version: string | undefined;
    const controlVersion = await storage.compareAndSet(control, undefined, record(0));

    await fc.assert(
      fc.asyncProperty(damage, async (damaged) => {
        round += 1;
        version = await storage.compareAndSet(key, version, record(round));
        const path = `${directory}/${key}.v${version?.split('-')[0]}.json`;
        const bytes = readFileSync(path);
        const broken = damaged(bytes);
        fc.pre(!broken.equals(bytes));
        writeFileSync(path, broken);

        events.length = 0;
        expect(await storage.read(key)).toBeUndefined();
        expect(await storage.read(key)).toBeUndefined();
        expect(events).toMatchObject([{ type: 'damaged', key, path }]);
        expect(await storage.compareAndSet(key, version, record(-1))).toBeUndefined();
        const next = await storage.compareAndSet(key, undefined, record(round));
        expect(next).toBeTypeOf('string');
        expect(await storage.compareAndSet(key, undefined, record(-1))).toBeUndefined();
        expect(await storage.read(key)).toEqual({ record: record(round), version: next });
        expect(await storage.read(control)).toEqual({ record: record(0), version: controlVersion });
        version = next;
      }),
      { numRuns: 1_000 },
    );
    expect(events.filter((event) => event.type === 'damaged' && event.key === control)).toEqual([]);
    expect(readdirSync(directory).filter((name) => name.includes('.damaged-'))).toHaveLength(3);
  });

  test('is told wherever it is cut, and whichever bit of it is another', () => {
    const format = createTokenFormat();
    const bytes = encodeVersion({ key, n: 1, nonce: '0'.repeat(16), prev: null, value: record(1) }, format);
    expect(decodeVersion(bytes, format)?.value).toEqual(record(1));
    for (let length = 0; length < bytes.length; length += 1) {
      expect(decodeVersion(bytes.subarray(0, length), format)).toBeUndefined();
    }
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const copy = Buffer.from(bytes);
      copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(decodeVersion(copy, format)).toBeUndefined();
    }
  });

  test('is copied aside with mode 0600 before it is superseded', async (context) => {
    needPosix('modes of files', context);
    const directory = tempDirectory();
    const events: FileStorageEvent[] = [];
    const storage = createFileStorage({ directory, onEvent: (event) => events.push(event) });
    await writeOver(storage, key, 1, 1);
    writeFileSync(`${directory}/real-1.v1.json`, 'what was found');
    await storage.read(key);
    const keptAs = events[0]?.type === 'damaged' ? (events[0].keptAs ?? '') : '';
    expect(readFileSync(keptAs, 'utf8')).toBe('what was found');
    expect(statSync(keptAs).mode & 0o777).toBe(0o600);
  });

  test('has one winner among all who expect nothing there', async () => {
    const directory = tempDirectory();
    const storages = Array.from({ length: 8 }, () => createFileStorage({ directory }));
    await writeOver(createFileStorage({ directory }), key, 1, 1);
    writeFileSync(`${directory}/real-1.v1.json`, 'null');
    const versions = await Promise.all(
      storages.map((storage, index) => storage.compareAndSet(key, undefined, record(10 + index))),
    );
    expect(versions.filter((version) => version !== undefined)).toHaveLength(1);
    expect(await storedNumber(createFileStorage({ directory }), key)).toBe(
      10 + versions.findIndex((version) => version !== undefined),
    );
  });

  test('does not give an older version in its place', async () => {
    const directory = tempDirectory();
    const storage = createFileStorage({ directory });
    await writeOver(storage, key, 3, 1);
    writeFileSync(`${directory}/real-1.v3.json`, '');
    expect(await storage.read(key)).toBeUndefined();
  });

  test('can be deleted', async () => {
    const directory = tempDirectory();
    const storage = createFileStorage({ directory });
    await writeOver(storage, key, 1, 1);
    writeFileSync(`${directory}/real-1.v1.json`, '{}');
    await storage.delete(key);
    expect(readdirSync(directory).filter((name) => name.includes('.v'))).toEqual(['real-1.v2.json']);
  });

  test('that belongs under another name or number is no record', async () => {
    const directory = tempDirectory();
    const reasons: string[] = [];
    const storage = createFileStorage({
      directory,
      onEvent: (event) => event.type === 'damaged' && reasons.push(event.reason),
    });
    await writeOver(storage, key, 1, 1);
    const bytes = readFileSync(`${directory}/real-1.v1.json`);
    writeFileSync(`${directory}/real-1.v2.json`, bytes);
    writeFileSync(`${directory}/real-2.v1.json`, bytes);
    expect(await storage.read(key)).toBeUndefined();
    expect(await storage.read(control)).toBeUndefined();
    expect(reasons).toEqual(['is the record of another name', 'is the record of another name']);
  });

  test('where nothing can be written is told all the same', async () => {
    const directory = tempDirectory();
    const path = `${directory}/real-1.v1.json`;
    const events: FileStorageEvent[] = [];
    const storage = createFileStorage({ directory, onEvent: (event) => events.push(event) });
    writeFileSync(path, 'damaged', { mode: 0o600 });
    replace('open', async (original, args) => {
      if (args[1] === 'wx') throw fsError('EROFS');
      return original(...args);
    });
    expect(await storage.read(key)).toBeUndefined();
    expect(events).toEqual([{ type: 'damaged', key, path, reason: 'is not a whole record', keptAs: undefined }]);
  });

  test('is copied aside whole or not at all', async () => {
    const directory = tempDirectory();
    const path = `${directory}/real-1.v1.json`;
    const events: FileStorageEvent[] = [];
    const onEvent = (event: FileStorageEvent): unknown => events.push(event);
    writeFileSync(path, 'what was found', { mode: 0o600 });
    const restore = replace('open', async (original, args) => {
      const file = (await original(...args)) as FileHandle;
      if (args[1] === 'wx') {
        const writeFile = file.writeFile.bind(file);
        file.writeFile = async () => {
          await writeFile('what');
          throw fsError('ENOSPC');
        };
      }
      return file;
    });
    await createFileStorage({ directory, onEvent }).read(key);
    expect(events).toMatchObject([{ type: 'damaged', keptAs: undefined }]);
    expect(readdirSync(directory)).toEqual(['real-1.v1.json']);
    restore();
    await createFileStorage({ directory, onEvent }).read(key);
    const keptAs = events[1]?.type === 'damaged' ? (events[1].keptAs ?? '') : '';
    expect(readFileSync(keptAs, 'utf8')).toBe('what was found');
  });

  test('is copied aside, too, where another reader just removed an older copy', async () => {
    const directory = tempDirectory();
    const events: FileStorageEvent[] = [];
    const storage = createFileStorage({ directory, onEvent: (event) => events.push(event) });
    writeFileSync(`${directory}/real-1.v1.json`, 'what was found', { mode: 0o600 });
    replace('readdir', async (original, args) => [
      ...((await original(...args)) as string[]),
      'real-1.damaged-0123456789abcdef.json',
    ]);
    await storage.read(key);
    expect(events).toMatchObject([{ keptAs: expect.stringContaining('/real-1.damaged-') }]);
  });

  test('does not cost a record when the listener throws', async () => {
    const directory = tempDirectory();
    const storage = createFileStorage({
      directory,
      onEvent() {
        throw new Error('A broken logger');
      },
    });
    writeFileSync(`${directory}/real-1.v1.json`, '');
    expect(await storage.read(key)).toBeUndefined();
    expect(await storage.compareAndSet(key, undefined, record(1))).toBeTypeOf('string');
  });
});

describe("F6: in a version's place", () => {
  beforeEach((context) => needPosix('FIFOs', context));
  test.each(PLANTS)('%s is no record, keeps nobody waiting, and is superseded', async (_what, plant, reason) => {
    const directory = tempDirectory();
    const events: FileStorageEvent[] = [];
    const storage = createFileStorage({ directory, onEvent: (event) => events.push(event) });
    await writeOver(storage, key, 1, 1);
    await plant(`${directory}/real-1.v2.json`);
    expect(await storage.read(key)).toBeUndefined();
    expect(events).toMatchObject([{ type: 'damaged', key, reason }]);
    const version = await storage.compareAndSet(key, undefined, record(3));
    expect(version).toMatch(/^3-/);
    expect(await storage.read(key)).toEqual({ record: record(3), version });
    await writeOver(storage, key, 3, 4);
    expect(await storedNumber(storage, key)).toBe(6);
  });
});

describe('a number', () => {
  test('of more than 12 digits is none of ours', async () => {
    const directory = tempDirectory();
    const storage = createFileStorage({ directory });
    const absurd = ['1000000000000', '999999999999999', '9'.repeat(100)].map((n) => `real-1.v${n}.json`);
    for (const name of absurd) writeFileSync(`${directory}/${name}`, 'x');
    expect(await storage.read(key)).toBeUndefined();
    await writeOver(storage, key, 1, 1);
    expect(await storedNumber(storage, key)).toBe(1);
    await storage.delete(key);
    expect(readdirSync(directory).sort()).toEqual([...absurd, 'real-1.v2.json'].sort());
  });

  test('that none can follow is an error of every write, which names the file', async () => {
    const directory = tempDirectory();
    const path = `${directory}/real-1.v999999999999.json`;
    const storage = createFileStorage({ directory });
    writeFileSync(path, 'x');
    const message = `versioned-file: no version can follow ${path}, which has to be removed`;
    expect(await storage.read(key)).toBeUndefined();
    await expect(storage.compareAndSet(key, undefined, record(1))).rejects.toThrow(message);
    await expect(storage.delete(key)).rejects.toThrow(message);
    rmSync(path);
    await writeOver(storage, key, 1, 1);
  });
});
