import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createKisClient, type KisClient } from '@kis/client';
import { createFakeKis, type FakeKis, startMockServer } from '@kis/mock';
import { createFileStorage, type FileStorageOptions } from '@kis/storage-file';
import { describe, expect, onTestFinished, test } from 'vitest';
import { needPosix } from '../../../packages/storage-file/test/posix.ts';
import { tempDirectory } from '../../../packages/storage-file/test/temp-directory.ts';
import { findSecrets } from '../../../vitest.secrets.ts';
import { account, addMany, createCast } from '../src/cast.ts';
import type { ContenderLine, RoundStart } from '../src/contender.ts';
import { bundle, createStage } from '../src/rig.ts';
import { useActors } from './actors.ts';

const script = useActors();

function createFileClient(
  fake: FakeKis,
  options: FileStorageOptions,
  environment: 'real' | 'virtual' = 'real',
): KisClient {
  const storage = createFileStorage(options);
  const client = createKisClient({ ...account, environment, dispatcher: fake.dispatcher, storage });
  onTestFinished(async () => {
    await client.close();
    await storage.close?.();
  });
  return client;
}

const filesIn = (directory: string): string[] => readdirSync(directory).map((name) => join(directory, name));

describe("the bugs of other clients, in the token file: not one of @kis's", () => {
  test('bug 1: two processes started at one instant ask for one token', async () => {
    const cast = await createCast(script());
    onTestFinished(cast.end);
    const processes = await addMany(cast, 2);
    cast.go(processes);
    const [one, other] = await Promise.all(processes.map((each) => each.said('token')));
    expect(other?.hash).toBe(one?.hash);
    expect(cast.server.fake.log()).toMatchObject({ tokenRequests: 1, tokensIssued: 1 });
  });

  test('bug 2: no reader ever sees a half of a token file', async () => {
    const stage = createStage();
    onTestFinished(stage.end);
    const contender = await bundle('contender.ts', tempDirectory());
    const writer = stage.start<ContenderLine>(contender, { directory: stage.directory, name: 'writer' });
    await writer.said('ready');
    const rounds = 150;
    for (let round = 1; round <= rounds; round += 1) {
      const start: RoundStart = { round, key: `real-${round}`, expected: undefined, startMs: 0 };
      writer.tell(JSON.stringify(start));
    }
    await new Promise((resolve) => setImmediate(resolve));

    // Without a pause, while the other process writes: what is there must be whole when it is first there.
    const seen = new Set<string>();
    const untilMs = performance.now() + 25_000;
    while (seen.size < rounds && performance.now() < untilMs) {
      for (const name of readdirSync(stage.directory)) {
        if (!/^real-\d+\.v1\.json$/.test(name) || seen.has(name)) continue;
        seen.add(name);
        const content = readFileSync(join(stage.directory, name), 'utf8');
        expect(content).toMatch(/^\{.*\}\n$/s);
        expect(JSON.parse(content)).toMatchObject({ record: { attempts: [{ by: 'writer' }] } });
      }
    }
    expect(seen.size).toBe(rounds);
    writer.child.stdin?.end();
    expect([await writer.ended, writer.stderr]).toEqual([0, '']);
  });

  test('bug 10: no lock is held while KIS is asked', async () => {
    const server = await startMockServer({ tokenLatencyMs: 600_000 });
    const directory = tempDirectory();
    const client = createKisClient({ ...account, baseUrl: server.url, storage: createFileStorage({ directory }) });
    const asking = client.tokens.getToken().catch(() => 'gone');
    onTestFinished(async () => {
      await server.close();
      await Promise.all([asking, client.close()]);
    });
    // The claim, that it is put to KIS, and nothing beside them.
    await expect
      .poll(() => readdirSync(directory), { timeout: 10_000 })
      .toEqual([expect.stringMatching(/\.v1\.json$/), expect.stringMatching(/\.v2\.json$/)]);
  });

  test('bug 21: the tokens of paper and real trading are kept apart, even under one app key in one directory', async () => {
    const directory = tempDirectory();
    const fakes = { real: createFakeKis(), virtual: createFakeKis({ environment: 'virtual', limit: 18, seed: 2 }) };
    for (const _run of ['the first', 'after a restart']) {
      const real = createFileClient(fakes.real, { directory });
      const virtual = createFileClient(fakes.virtual, { directory }, 'virtual');
      const [one, other] = await Promise.all([real.tokens.getToken(), virtual.tokens.getToken()]);
      expect(one.value === other.value).toBe(false);
      await Promise.all([real.getCurrentPrice('005930'), virtual.getCurrentPrice('005930')]);
    }
    for (const fake of Object.values(fakes)) {
      expect(fake.log()).toMatchObject({ tokenRequests: 1, calls: 2 });
      expect(fake.log().entries.map(({ kisCode }) => kisCode)).toEqual(['', 'MCA00000', 'MCA00000']);
    }
  });

  test.each<[string, (content: string) => string]>([
    ['cut in half', (content) => content.slice(0, content.length / 2)],
    ['emptied', () => ''],
    ['filled with garbage', () => '\u0000\u0080{"access_token'],
    ["another program's", () => '{"access_token": null}'],
  ])('bug 22: a token file that was %s crashes nobody, and costs one issue', async (_, ruin) => {
    const path = join(tempDirectory(), 'token.json');
    const fake = createFakeKis({ issueIntervalMs: 0 });
    await createFileClient(fake, { path }).getCurrentPrice('005930');
    for (const file of filesIn(dirname(path))) writeFileSync(file, ruin(readFileSync(file, 'utf8')));
    for (let restart = 1; restart <= 2; restart += 1) {
      expect((await createFileClient(fake, { path }).getCurrentPrice('005930')).currentPrice).toBeGreaterThan(0);
      expect(fake.log()).toMatchObject({ tokenRequests: 2, calls: 1 + restart });
    }
  });

  test.for([undefined, randomBytes(32)])(
    'bug 23: no secret is in the token file, and nobody else may read it',
    async (encryptionKey, context) => {
      needPosix('modes of files', context);
      const directory = join(tempDirectory(), 'kis');
      const umask = process.umask(0);
      onTestFinished(() => void process.umask(umask));
      const client = createFileClient(createFakeKis(), { directory, encryptionKey });
      await client.getCurrentPrice('005930');
      const { value } = await client.tokens.getToken();

      const files = filesIn(directory);
      const content = files.map((file) => readFileSync(file, 'utf8')).join('');
      expect(files.length).toBeGreaterThan(0);
      expect(findSecrets(content.replaceAll(value, ''))).toEqual([]);
      expect(content.includes(account.appKey)).toBe(false);
      expect(content.includes(value)).toBe(encryptionKey === undefined);
      expect([directory, ...files].map((each) => statSync(each).mode & 0o077)).toEqual([0, ...files.map(() => 0)]);
    },
  );
});
