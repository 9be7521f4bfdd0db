import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createKisClientFromEnv, isRateRefusal } from '@kis/client';
import { showBatch } from './batch.ts';
import { startDemoServer } from './demo-server.ts';
import { dozens } from './stocks.ts';

const keyNames = ['KIS_APP_KEY', 'KIS_APP_SECRET', 'KIS_APP_KEY_FILE', 'KIS_APP_SECRET_FILE'];
const hasKeys = keyNames.some((name) => process.env[name]);
// Without keys: a server of our own with KIS's rules, made-up keys and an empty token file, all put into the environment.
const server = hasKeys ? undefined : await startDemoServer(process.env);

let refusals = 0;
const client = await createKisClientFromEnv({
  cache: true,
  rateLimiter: { queueTimeoutMs: Infinity },
  onEvent(event) {
    if (event.type === 'retry' && isRateRefusal(event.error)) refusals += 1;
  },
});
console.log(
  server === undefined
    ? `Keys found in the environment: these quotes come from KIS (${client.environment}).`
    : 'No keys in the environment (KIS_APP_KEY, KIS_APP_SECRET): these quotes come from the mock.',
);
const calls = 2 * dozens.flat().length + 1;
const seconds = Math.ceil(calls / (client.environment === 'real' ? 18 : 1));
console.log(`${dozens.length} processes with one app key make ${calls} calls, in about ${seconds} s ...`);

const startedMs = Date.now();
const readers = dozens.map((_, index) =>
  fork(new URL('./reader.ts', import.meta.url), [String(index)], { execArgv: ['--import', 'tsx'] }),
);
const tokens = new Set<unknown>();
for (const reader of readers) reader.on('message', (token) => tokens.add(token));
const codes = await Promise.all(readers.map(async (reader) => (await once(reader, 'exit'))[0] as number | null));

const status = await client.tokens.status();
const issue = status.attempts.find(({ outcome, atMs }) => outcome === 'issued' && atMs >= startedMs);
const issuer = readers.find(({ pid }) => pid === Number(issue?.by.split('.').at(-2)));
const isServed = tokens.size === 1 && codes.every((code) => code === 0);

console.log(`\n${tokens.size} token served ${codes.filter((code) => code === 0).length} processes.`);
console.log(
  issuer === undefined
    ? 'It was in the file already.'
    : `It was issued to process ${issuer.pid}; the others took it from the file.`,
);
console.log(`Status: ${status.state}, good until ${status.expiresAt?.toLocaleString() ?? '-'}.`);

const isPriced = await showBatch(client, () => refusals);
if (server !== undefined) {
  const { tokenRequests, calls, refusals: overLimit } = server.fake.log();
  console.log(`\nThe server saw ${tokenRequests} request for a token, ${calls} calls, ${overLimit} over the limit.`);
}

await client.close();
await server?.close();
process.exitCode = isServed && isPriced ? 0 : 1;
