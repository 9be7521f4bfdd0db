import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKisClientFromEnv } from '@kis/client';
import { startMockServer } from '@kis/mock';

const PROCESSES = 4;
const hasKeys = Boolean(process.env.KIS_APP_KEY && process.env.KIS_APP_SECRET);

// Without keys: a server of our own with KIS's rules, made-up keys and an empty token file.
const server = hasKeys ? undefined : await startMockServer({ tokenLatencyMs: 150, latencyMs: 20, jitterMs: 10 });
const folder = mkdtempSync(join(tmpdir(), 'kis-quotes-'));
if (server !== undefined) {
  process.env.KIS_APP_KEY = 'PSDEMODEMODEMODEMODEMODEMODEMODEMO01';
  process.env.KIS_APP_SECRET = 'demosecret'.repeat(18);
  process.env.KIS_USE_VIRTUAL_SERVER = 'false';
  process.env.KIS_API_BASE_URL_REAL = server.url;
  process.env.KIS_TOKEN_FILE_PATH = join(folder, 'token.json');
}

const client = await createKisClientFromEnv();
const isReal = /^(?:false|0|no|off)$/i.test(process.env.KIS_USE_VIRTUAL_SERVER ?? '');
// KIS takes 18 calls a second of one app key, 1 for paper trading: each process gets its share. What leaves within a second
// may arrive within less, hence the tenth.
const [limit, windowMs] = isReal ? [Math.floor(18 / PROCESSES), 1_100] : [1, 1_100 * PROCESSES];

console.log(
  server === undefined
    ? `Keys found in the environment: these quotes come from KIS (${isReal ? 'real' : 'virtual'}).`
    : 'No keys in the environment (KIS_APP_KEY, KIS_APP_SECRET): these quotes come from the mock.',
);
console.log(
  `${PROCESSES} processes with one app key, each with a share of its rate budget: ${limit} in ${windowMs / 1_000} s ...`,
);

const startedMs = Date.now();
const readers = Array.from({ length: PROCESSES }, (_, index) =>
  fork(new URL('./reader.ts', import.meta.url), [index, limit, windowMs].map(String), {
    execArgv: ['--import', 'tsx'],
  }),
);
const tokens = new Set<unknown>();
for (const reader of readers) reader.on('message', (token) => tokens.add(token));
const codes = await Promise.all(readers.map(async (reader) => (await once(reader, 'exit'))[0] as number | null));

const status = await client.tokens.status();
const issuer = status.attempts.find(({ outcome }) => outcome === 'issued');
const pid = Number(issuer?.by.split('.').at(-2));
const isOurs = readers.some((reader) => reader.pid === pid) && (issuer?.atMs ?? 0) >= startedMs;

console.log(`\n${tokens.size} token served ${codes.filter((code) => code === 0).length} processes.`);
console.log(
  isOurs ? `It was issued to process ${pid}; the others took it from the file.` : 'It was in the file already.',
);
console.log(`Status: ${status.state}, good until ${status.expiresAt?.toLocaleString() ?? '-'}.`);
if (server !== undefined) {
  const { tokenRequests, calls, refusals } = server.fake.log();
  console.log(`The server saw ${tokenRequests} request for a token, ${calls} calls, ${refusals} over the limit.`);
}

await client.close();
await server?.close();
rmSync(folder, { recursive: true });
process.exitCode = tokens.size === 1 && codes.every((code) => code === 0) ? 0 : 1;
