import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { LegacyTokenError, type LegacyTokenReason, readLegacyToken } from '../src/index.ts';
import {
  appKey,
  appSecret,
  DAY,
  HOUR,
  makeToken,
  pickleOf,
  protocols,
  sample,
  sampleAppKey,
  samplePickle,
} from './legacy-tokens.ts';
import { needPosix } from './posix.ts';
import { tempDirectory } from './temp-directory.ts';

function fileOf(content: string | Buffer): string {
  const path = join(tempDirectory(), 'token.key');
  writeFileSync(path, content);
  return path;
}

async function errorOf(path: string, options: { appKey: string; appSecret?: string }): Promise<LegacyTokenError> {
  const error = await readLegacyToken(path, options).then(
    () => undefined,
    (it: unknown) => it,
  );
  if (!(error instanceof LegacyTokenError)) throw new Error('That was read');
  return error;
}

/** `YYYY-MM-DDTHH:MM:SS` on the clock of this process, as Python's `datetime.now().isoformat()`. */
function localIso(epochMs: number): string {
  const at = new Date(epochMs);
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  return `${day}T${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')}`;
}

const recorded = [
  ...protocols.map((protocol) => [`a pickle of protocol ${protocol}`, samplePickle(protocol)] as const),
  ['token.json of Go', sample('token.json.go-v1')],
  ['the daily file of kis_auth.py', sample('KIS20300101.official-yaml')],
  ["PyKis's file", sample('token_real_soju06_1a28fc890018dc7f94f7f502c47317e42ffd386f.json.pykis')],
] as const;
const secret = String(JSON.parse(sample('expected.json.txt').toString()).api_secret);
const jwt = String(JSON.parse(sample('expected.json.txt').toString()).access_token);

describe('a token that another program has stored', () => {
  test.each(recorded)('is read from %s', async (_what, bytes) => {
    const token = await readLegacyToken(fileOf(bytes), { appKey: sampleAppKey, appSecret: secret });
    expect(token.value === jwt).toBe(true);
    expect(token.expiresAtMs).toBe(1_893_521_045_000);
    expect(token.issuedAtMs).toBe(1_893_521_045_000 - DAY);
  });

  test.each(recorded)('is refused to another app key: %s', async (_what, bytes) => {
    const error = await errorOf(fileOf(bytes), { appKey });
    expect(error).toMatchObject({ name: 'LegacyTokenError', code: 'ERR_LEGACY_TOKEN', reason: 'wrong-app-key' });
    expect(error.message).toMatch(/holds the token of another app key, by (?:`api_key`|the token's `jti`)$/);
  });

  test('is read from the JSON of an older service, whose times are those of this host', async () => {
    const token = makeToken('cache', 20 * HOUR);
    const body = { access_token: token.value, cached_at: localIso(Date.now()), pid: 4_711 };
    for (const expires_at of [
      localIso(token.expiresAtMs),
      `${localIso(token.expiresAtMs)}.000000`,
      new Date(token.expiresAtMs).toISOString(),
      new Date(token.expiresAtMs + 9 * HOUR).toISOString().replace('Z', '+09:00'),
    ]) {
      const path = fileOf(JSON.stringify({ ...body, expires_at }));
      expect(await readLegacyToken(path, { appKey })).toEqual(token);
    }
  });

  test('that says nothing of its issue is taken for as old as its file says, else for one of a day', async () => {
    const value = 'x'.repeat(101);
    const expiresAtMs = Math.floor(Date.now() / 1_000) * 1_000 + 10 * HOUR;
    const cache = {
      access_token: value,
      expires_at: localIso(expiresAtMs),
      cached_at: localIso(expiresAtMs - 12 * HOUR),
    };
    expect(await readLegacyToken(fileOf(JSON.stringify(cache)), { appKey })).toMatchObject({
      issuedAtMs: expiresAtMs - 12 * HOUR,
    });
    const go = { value, token_type: 'Bearer', expires_at: new Date(expiresAtMs).toISOString() };
    expect(await readLegacyToken(fileOf(JSON.stringify(go)), { appKey })).toMatchObject({
      issuedAtMs: expiresAtMs - DAY,
      expiresAtMs,
    });
  });

  test('has the earliest of the expiries that are said, and no later one than KIS says where a zone is a guess', async () => {
    const token = makeToken('early', 20 * HOUR);
    const early = fileOf(pickleOf(token, { timestamp: token.expiresAtMs / 1_000 - 3_600 }));
    expect(await readLegacyToken(early, { appKey })).toMatchObject({ expiresAtMs: token.expiresAtMs - HOUR });
    const late = { access_token: token.value, expires_at: localIso(token.expiresAtMs + 9 * HOUR) };
    expect(await readLegacyToken(fileOf(JSON.stringify(late)), { appKey })).toEqual(token);
  });

  test('is read through a link, with what follows it unread', async () => {
    const token = makeToken('linked', HOUR);
    const path = join(tempDirectory(), 'link');
    symlinkSync(fileOf(Buffer.concat([pickleOf(token), Buffer.from('rest')])), path);
    expect(await readLegacyToken(path, { appKey, appSecret })).toEqual(token);
  });

  const token = makeToken('refused', HOUR);
  const dead = makeToken('expired', -HOUR);
  const json = (body: object): string => JSON.stringify(body);
  const naive = localIso(token.expiresAtMs);

  test.each<[string, LegacyTokenReason, string | Buffer, RegExp]>([
    ['an expired pickle', 'expired', pickleOf(dead), /\(python-pickle\) holds a token that expired at \d{4}-/],
    [
      'an expired YAML',
      'expired',
      `token: ${dead.value}\nvalid-date: 2020-01-02 03:04:05\n`,
      /expired at 2020-01-01T18:04:05/,
    ],
    ['a pickle of another secret', 'wrong-app-secret', pickleOf(token, { api_secret: 'other' }), /by `api_secret`$/],
    ['a pickle of another key', 'wrong-app-key', pickleOf(token, { api_key: 'other' }), /by `api_key`$/],
    ['nothing yet', 'no-token', '', /is empty$/],
    [
      'a token that is too short',
      'no-token',
      pickleOf({ ...token, value: 'short' }),
      /\(python-pickle\) .* `access_token`$/,
    ],
    ['a token with a blank', 'no-token', pickleOf({ ...token, value: `Bearer ${token.value}` }), /`access_token`$/],
    ['a token that is a number', 'no-token', json({ value: 7, expires_at: naive }), /\(go-json\) .* `value`$/],
    [
      'a YAML without a token',
      'no-token',
      'token:\nvalid-date: 2030-01-02 03:04:05\n',
      /\(kis-auth-yaml\) .* `token`$/,
    ],
    [
      'a time that is none',
      'no-token',
      json({ access_token: token.value, expires_at: 'soon' }),
      /\(cache-json\) .* expiry$/,
    ],
    ['a body without a time', 'no-token', json({ access_token: token.value }), /\(pykis-json\) .* expiry$/],
    [
      'half a pickle',
      'unknown-format',
      pickleOf(token).subarray(0, 300),
      /is no pickle of a token: byte \d+ of the pickle: /,
    ],
    [
      'a pickle that calls',
      'unknown-format',
      "\x80\x04cos\nsystem\n(S'id'\ntR.",
      /byte 2 of the pickle: opcode 0x63 is not/,
    ],
    ['a pickle of something else', 'unknown-format', Buffer.from([0x80, 4, 0x4b, 1, 0x2e]), /of no known format$/],
    ['a list', 'unknown-format', '[1]', /of no known format$/],
    ['some JSON', 'unknown-format', '{"a":1}', /of no known format$/],
    ['null', 'unknown-format', 'null', /of no known format$/],
    ['half a JSON', 'unknown-format', json({ access_token: token.value }).slice(0, -1), /of no known format$/],
    ['some text', 'unknown-format', 'hello', /of no known format$/],
    ['no text', 'unknown-format', Buffer.from([0xff, 0xfe, 0]), /of no known format$/],
    ['too much', 'unreadable', Buffer.alloc((1 << 20) + 1), /is too large$/],
  ])('is refused where there is %s: %s', async (_what, reason, content, message) => {
    const path = fileOf(typeof content === 'string' ? Buffer.from(content, 'latin1') : content);
    const error = await errorOf(path, { appKey, appSecret });
    expect(error.reason).toBe(reason);
    expect(error.message.startsWith(`storage-file: ${path} `)).toBe(true);
    expect(error.message).toMatch(message);
    for (const shown of [inspect(error, { depth: 9 }), JSON.stringify(error), String(error)]) {
      for (const hidden of [appKey, appSecret, token.value, dead.value]) expect(shown.includes(hidden)).toBe(false);
    }
  });

  test.for<[string, LegacyTokenReason, (path: string) => unknown, RegExp]>([
    ['is missing', 'not-found', () => {}, /is not there$/],
    ['is below a file', 'not-found', (path) => writeFileSync(join(path, '..', 'x'), ''), /is not there$/],
    ['is a link to nothing', 'not-found', (path) => symlinkSync('/nowhere/at/all', path), /is not there$/],
    ['is a link to itself', 'unreadable', (path) => symlinkSync(path, path), /is a symbolic link$/],
    ['is a directory', 'unreadable', (path) => mkdirSync(path), /is a directory$/],
    [
      'is a FIFO that nobody writes to',
      'unreadable',
      (path) => execFileSync('mkfifo', [path]),
      /is not a regular file$/,
    ],
  ])('is refused at once where the file %s', async ([_what, reason, plant, message], context) => {
    needPosix('FIFOs', context);
    const path = join(tempDirectory(), 'token.key');
    plant(path);
    const error = await errorOf(path, { appKey });
    expect(error).toMatchObject({ reason, path });
    expect(error.message).toMatch(message);
  });

  test('is asked for by options that are checked', async () => {
    await expect(readLegacyToken('', { appKey })).rejects.toThrow(
      new TypeError('storage-file: `path` must be a text that is not blank, got string'),
    );
    await expect(readLegacyToken('/x', { appKey: ' ' })).rejects.toThrow(TypeError);
    await expect(readLegacyToken('/x', { appKey, appSecret: '' })).rejects.toThrow('`appSecret`');
  });
});
