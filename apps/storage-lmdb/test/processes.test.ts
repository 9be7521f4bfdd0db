import { once } from 'node:events';
import { startMockServer } from '@kis/mock';
import { tokenStorageConformance } from '@kis/token-core/conformance';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createLmdbStorage } from '../src/lmdb-storage.ts';
import { createDatabase, type StorageProcess, startProcess } from './processes.ts';
import { record } from './records.ts';

const account = { appKey: 'PSLMDBLMDBLMDBLMDBLMDBLMDBLMDBLMDB01', appSecret: 'testsecret+/=testsecret+/=' };
const key = 'real-1';
const KILLS = 10;

describe('processes over one database', () => {
  const { path, remove } = createDatabase();
  let processes: readonly StorageProcess[] = [];
  beforeAll(async () => {
    processes = await Promise.all(Array.from({ length: 8 }, () => startProcess(path)));
  }, 60_000);
  afterAll(async () => {
    await Promise.all(processes.map((each) => each.kill()));
    remove();
  });

  describe('keep the contract, eight and this one', () => {
    tokenStorageConformance(test, () => [...processes.map(({ storage }) => storage), createLmdbStorage({ path })]);
  });

  test('ask KIS for one token, eight at one moment, and all get it', async () => {
    const server = await startMockServer({ tokenLatencyMs: 150 });
    onTestFinished(server.close);
    const startMs = Date.now() + 100;
    const hashes = await Promise.all(
      processes.map((each) => each.ask('getToken', { ...account, baseUrl: server.url }, startMs)),
    );
    expect(new Set(hashes).size).toBe(1);
    expect(server.fake.log()).toMatchObject({ tokenRequests: 1, tokensIssued: 1 });
  });
});

describe('a process that is killed in the middle of its writes', () => {
  test(`leaves a whole record, the last that it was told of or the next, and nobody waits for it (${KILLS} kills)`, async () => {
    const { path, remove } = createDatabase();
    onTestFinished(remove);
    const storage = createLmdbStorage({ path });
    const writers = await Promise.all(Array.from({ length: KILLS }, () => startProcess(path)));
    for (const [kill, writer] of writers.entries()) {
      let told = 0;
      writer.child.on('message', ({ wrote }: { wrote: number }) => {
        told = wrote;
      });
      void writer.ask('writeOn', key);
      for (let writes = 0; writes < 3 * (kill + 1); writes += 1) await once(writer.child, 'message');
      await writer.kill();

      // What a commit had finished when it was cut short may show with the next write alone, which then looks once more.
      let version: string | undefined;
      for (let looks = 0; version === undefined && looks < 2; looks += 1) {
        const found = await storage.read(key);
        const number = found?.record.token?.issuedAtMs ?? 0;
        expect(found?.record).toEqual(record(number));
        expect(number - told).toBeOneOf([0, 1]);
        version = await storage.compareAndSet(key, found?.version, record(number + 1));
      }
      expect(version).toBeTypeOf('string');
    }
    await storage.close?.();
  }, 90_000);
});

describe('a process whose disk is full', () => {
  test('is told so by a rejection that says why, ends by nothing else, and reads on', async (context) => {
    if (process.platform === 'win32') {
      console.warn(`NOT RUN, as Windows has no limit of file sizes: "${context.task.name}"`);
      return;
    }
    const { path, remove } = createDatabase();
    const writer = await startProcess(path, { maxFileKb: 64 });
    onTestFinished(async () => {
      await writer.kill();
      remove();
    });
    const { storage } = writer;
    const refused: unknown[] = [];
    for (let n = 0; refused.length < 2 && n < 100; n += 1) {
      const filler = { ...record(n), dead: ['x'.repeat(4_000)] };
      await storage.compareAndSet(`real-${n}`, undefined, filler).catch((error) => refused.push(error));
    }
    expect(refused).toEqual([
      expect.objectContaining({ message: expect.stringContaining('File too large') }),
      expect.objectContaining({ message: expect.stringContaining('File too large') }),
    ]);
    expect((await storage.read('real-0'))?.record.attempts).toEqual(record(0).attempts);
    expect(await storage.read('real-99')).toBeUndefined();
    await writer.ask('close');
    expect(writer.child.exitCode).toBeNull();
  });
});
