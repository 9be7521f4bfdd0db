import { readFile } from 'node:fs/promises';
import { type RedisServer, startRedis } from '@kis/redis-servers';
import { tokenKey } from '@kis/token-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createRig, open, token } from './rig.ts';

/** As `HSET` wrote it for the Python program: a command of Redis, with quotes around what has a space. */
async function sample(): Promise<{ readonly key: string; readonly fields: Readonly<Record<string, string>> }> {
  const text = await readFile(new URL('fixtures/redis-python-final.txt', import.meta.url), 'utf8');
  const [, key = '', ...rest] = (/^HSET .*$/m.exec(text)?.[0].match(/"[^"]*"|\S+/g) ?? []).map((word) =>
    word.replaceAll('"', ''),
  );
  const fields = Object.fromEntries(rest.flatMap((name, n) => (n % 2 === 0 ? [[name, rest[n + 1] ?? '']] : [])));
  return { key, fields };
}

/** What the Python program makes of a hash: token-formats 2. */
function readAsPython(fields: Readonly<Record<string, string>>, appSecret: string): string | undefined {
  const isValid = fields.api_secret === appSecret && Date.now() / 1_000 < Number(fields.timestamp);
  return isValid ? fields.access_token : undefined;
}

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
afterEach(async () => void (await open(redis.url).flushall()));

describe('a hash of the Python program', () => {
  test('is read as it is', async () => {
    const { key, fields } = await sample();
    const client = open(redis.url);
    await client.hset(key, fields);
    const rig = createRig({ url: redis.url });
    const storageKey = tokenKey({ appKey: fields.api_key ?? '', environment: 'real' });
    const found = await rig.storage().read(storageKey);
    expect(found?.record).toEqual({
      token: { value: fields.access_token, issuedAtMs: 1_893_434_645_000, expiresAtMs: 1_893_521_045_000 },
      attempts: [],
      dead: [],
    });
    expect(rig.events).toEqual([{ type: 'imported', key: storageKey, redisKey: key, expiresAtMs: 1_893_521_045_000 }]);
    expect(await client.hgetall(key)).toEqual(fields);
  });

  test('is written as Python writes it, byte for byte, and our own fields beside', async () => {
    const { key, fields } = await sample();
    const { api_key: appKey = '', api_secret: appSecret = '', access_token: value = '' } = fields;
    const storage = createRig({ url: redis.url, python: { appKey, appSecret } }).storage();
    const record = { token: { value, issuedAtMs: 1, expiresAtMs: 1_893_521_045_000 }, attempts: [], dead: [] };
    await storage.compareAndSet(tokenKey({ appKey, environment: 'real' }), undefined, record);
    const client = open(redis.url);
    const written = await client.hgetall(key);
    expect(Object.keys(written).sort()).toEqual([...Object.keys(fields), 'kis_record', 'kis_version'].sort());
    expect(written).toMatchObject(fields);
    expect(await client.type(key)).toBe('hash');
    expect(readAsPython(written, appSecret)).toBe(value);
    expect(readAsPython(written, 'another')).toBeUndefined();
    expect(Math.round((await client.pexpiretime(key)) / 1_000)).toBe(1_893_521_045);
  });

  test('gets no secret unless `python` asks for it, nor for another app key', async () => {
    const rig = createRig({ url: redis.url });
    const other = rig.storage({ python: { appKey: 'PSOTHER', appSecret: 'testsecret+/=' } });
    for (const storage of [rig.storage(), other]) {
      const version = (await storage.read(rig.key))?.version;
      await storage.compareAndSet(rig.key, version, { token: token('a'), attempts: [], dead: [] });
      const written = await open(redis.url).hgetall(rig.redisKey);
      expect(Object.keys(written).sort()).toEqual(
        ['access_token', 'access_token_token_expired', 'kis_record', 'kis_version', 'timestamp'].sort(),
      );
      expect(JSON.stringify(written)).not.toMatch(/testsecret|PSOTHER/);
    }
  });

  test('that is written over ours is seen as new: as another version, by watchers, and by managers', async () => {
    const rig = createRig({ url: redis.url });
    const storage = rig.storage();
    const version = await storage.compareAndSet(rig.key, undefined, {
      token: token('a', 3_600_000),
      attempts: [],
      dead: [],
    });
    let calls = 0;
    storage.watch?.(rig.key, () => {
      calls += 1;
    });
    await expect.poll(() => calls).toBe(1);
    const theirs = token('b');
    const timestamp = String(theirs.expiresAtMs / 1_000);
    await open(redis.url).hset(rig.redisKey, { access_token: theirs.value, access_token_token_expired: '', timestamp });
    await expect.poll(() => calls).toBe(2);
    const found = await storage.read(rig.key);
    expect(found?.record.token).toMatchObject({ value: theirs.value, expiresAtMs: theirs.expiresAtMs });
    expect(await storage.compareAndSet(rig.key, version, { attempts: [], dead: [] })).toBeUndefined();
    expect((await rig.manager(storage).getToken()).value).toBe(theirs.value);
    expect(rig.fake.log().tokenRequests).toBe(0);
    expect(await storage.compareAndSet(rig.key, found?.version, { attempts: [], dead: [] })).toBeDefined();
  });

  test('keeps its own attempts when Python writes over them, and never takes an older, dead or foreign token', async () => {
    const rig = createRig({ url: redis.url });
    const [storage, client] = [rig.storage(), open(redis.url)];
    const ours = token('ours', 7_200_000);
    const attempts = [{ id: 'a', by: 'h.b.n.1.2', atMs: 5, outcome: 'issued', kisCode: 'x', count: 1 }] as const;
    const { createHash } = await import('node:crypto');
    const dead = [createHash('sha256').update(token('dead').value).digest('hex')];
    const record = { token: ours, attempts, dead };
    await storage.compareAndSet(rig.key, undefined, record);
    const write = (name: string, lifeMs: number, more = {}): Promise<unknown> =>
      client.hset(rig.redisKey, {
        access_token: token(name).value,
        timestamp: String(Math.floor((Date.now() + lifeMs) / 1_000)),
        access_token_token_expired: 'no time',
        ...more,
      });
    for (const [name, lifeMs, more] of [
      ['older', 60_000, {}],
      ['dead', 80_000_000, {}],
      ['foreign', 80_000_000, { api_key: 'PSOTHER' }],
      ['timeless', 80_000_000, { api_key: rig.appKey, timestamp: 'soon' }],
    ] as const) {
      await write(name, lifeMs, more);
      expect((await storage.read(rig.key))?.record).toEqual(record);
      await storage.read(rig.key);
    }
    expect(rig.events.map((event) => ('reason' in event ? event.reason : event.type))).toEqual([
      'dead',
      'wrong-app-key',
      'no-token',
    ]);
    await write('later', 80_000_000, { api_key: rig.appKey });
    expect((await storage.read(rig.key))?.record).toMatchObject({
      token: { value: token('later').value },
      attempts,
      dead,
    });
  });

  test('goes with the token', async () => {
    const rig = createRig({ url: redis.url });
    const storage = rig.storage({ python: { appKey: rig.appKey, appSecret: 'testsecret+/=' } });
    const version = await storage.compareAndSet(rig.key, undefined, { token: token('a'), attempts: [], dead: [] });
    await storage.compareAndSet(rig.key, version, { attempts: [], dead: [] });
    expect(Object.keys(await open(redis.url).hgetall(rig.redisKey)).sort()).toEqual(['kis_record', 'kis_version']);
  });
});

describe('a hash that is damaged', () => {
  test('reads as nothing, is reported once, and is kept aside by the write that supersedes it', async () => {
    const rig = createRig({ url: redis.url });
    const [storage, client] = [rig.storage(), open(redis.url)];
    for (const kis_record of ['{"attempts":5,"dead":[]}', '{"attempts":[null],"dead":[]}', '"']) {
      await client.del(rig.redisKey);
      await client.hset(rig.redisKey, { kis_version: kis_record, kis_record });
      const fresh = rig.storage();
      expect(await fresh.read(rig.key)).toBeUndefined();
      expect(await fresh.read(rig.key)).toBeUndefined();
      expect(rig.events.splice(0)).toEqual([{ type: 'damaged', key: rig.key, redisKey: rig.redisKey }]);
      expect(await fresh.compareAndSet(rig.key, undefined, { attempts: [], dead: [] })).toBeDefined();
      expect(await client.hget(rig.redisKey, 'kis_damaged')).toBe(kis_record);
    }
    expect((await storage.read(rig.key))?.record).toEqual({ attempts: [], dead: [] });
  });

  test('that is no hash is left alone, and said', async () => {
    const rig = createRig({ url: redis.url });
    await open(redis.url).set(rig.redisKey, 'mine');
    await expect(rig.storage().read(rig.key)).rejects.toMatchObject({ code: 'ERR_REDIS', reply: 'WRONGTYPE' });
    await expect(rig.storage().compareAndSet(rig.key, undefined, { attempts: [], dead: [] })).rejects.toThrow(
      'WRONGTYPE',
    );
    expect(await open(redis.url).get(rig.redisKey)).toBe('mine');
  });
});

describe('a delete', () => {
  test('is told to those who watch also where nothing is, and a first record may follow it', async () => {
    const rig = createRig({ url: redis.url });
    const [storage, other] = [rig.storage(), rig.storage()];
    let calls = 0;
    storage.watch?.(rig.key, () => {
      calls += 1;
    });
    await other.delete(rig.key);
    await expect.poll(() => calls).toBe(1);
    expect(await storage.read(rig.key)).toBeUndefined();
    expect(await storage.compareAndSet(rig.key, undefined, { attempts: [], dead: [] })).toBeDefined();
  });

  test('leaves alone what is no hash', async () => {
    const rig = createRig({ url: redis.url });
    await open(redis.url).set(rig.redisKey, 'mine');
    await expect(rig.storage().delete(rig.key)).rejects.toMatchObject({ reply: 'WRONGTYPE' });
    expect(await open(redis.url).get(rig.redisKey)).toBe('mine');
  });
});

describe('the name of a hash', () => {
  test('is that of Python for the real host, and another one for every other', async () => {
    const { key: pythonKey, fields } = await sample();
    const appKey = fields.api_key ?? '';
    const storage = createRig({ url: redis.url }).storage();
    const keys = [
      tokenKey({ appKey, environment: 'real' }),
      tokenKey({ appKey, environment: 'virtual' }),
      tokenKey({ appKey, environment: 'real', baseUrl: 'http://127.0.0.1:1' }),
      pythonKey.slice(-12),
    ];
    for (const key of keys) await storage.compareAndSet(key, undefined, { attempts: [], dead: [] });
    const prefix = 'korea_investment:token:';
    const names = keys.map((key, n) => (n === 0 ? pythonKey : `${prefix}kis:${key}`));
    expect((await open(redis.url).keys('*')).sort()).toEqual(names.sort());
  });
});
