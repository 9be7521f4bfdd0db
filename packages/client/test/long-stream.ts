/**
 * Reads the prices of 100,000 codes from a KIS that answers at once, and prints how much the heap has grown at its highest.
 * Run by a test, as a process of its own.
 */
import { Dispatcher } from 'undici';
import { createKisClient } from '../src/index.ts';

const count = 100_000;
const appSecret = 'testsecret+/=0123456789abcdefghijklmnopqrstuvwxyz'.repeat(3);

const token = {
  access_token: `eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzUxMiJ9.token.${'x'.repeat(300)}`,
  access_token_token_expired: '2099-01-01 00:00:00',
  token_type: 'Bearer',
  expires_in: 86_400,
};

/** What KIS says of the codes that a query names. */
function answer(path: string): object {
  if (path.startsWith('/oauth2')) return token;
  const codes = [...new URL(path, 'http://localhost').searchParams].filter(([name]) => name.includes('ISCD'));
  const output = codes.map(([, code]) => ({
    inter_shrn_iscd: code,
    inter_kor_isnm: `이름${code}`,
    inter2_prpr: '77400',
    inter2_prdy_vrss: '-800',
    prdy_vrss_sign: '5',
    prdy_ctrt: '-1.02',
    acml_vol: '15713440',
    inter2_oprc: '78600',
    inter2_hgpr: '78800',
    inter2_lwpr: '77200',
    acml_tr_pbmn: '1221686345500',
    ...Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`inter2_more${n}`, '1404667'])),
  }));
  return { output, rt_cd: '0', msg_cd: 'MCA00000', msg1: '' };
}

class Answering extends Dispatcher {
  override dispatch({ path }: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const controller = { aborted: false, paused: false, reason: null, abort() {}, pause() {}, resume() {} };
    setImmediate(() => {
      handler.onRequestStart?.(controller, null);
      handler.onResponseStart?.(controller, 200, { 'content-type': 'application/json' }, 'OK');
      handler.onResponseData?.(controller, Buffer.from(JSON.stringify(answer(path))));
      handler.onResponseEnd?.(controller, {});
    });
    return true;
  }
}

function* codesUpTo(end: number): Generator<string> {
  for (let n = 0; n < end; n += 1) yield String(n).padStart(6, '0');
}

const client = createKisClient({
  appKey: 'PSkeyOfTheTests0123456789abcdefghijk',
  appSecret,
  environment: 'real',
  dispatcher: new Answering().compose((dispatch) => (options, handler) => dispatch(options, handler)),
  rateLimiter: { limit: 1_000_000 },
});

function heapBytes(): number {
  if (globalThis.gc === undefined) throw new Error('needs --expose-gc');
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

let [read, mostBytes] = [0, 0];
// What the first use of everything costs is no growth.
for await (const _ of client.streamCurrentPrices(codesUpTo(3_000))) read += 1;
const firstBytes = heapBytes();
read = 0;
for await (const { value } of client.streamCurrentPrices(codesUpTo(count))) {
  if (value?.currentPrice === 77_400) read += 1;
  if (read % 10_000 === 0) mostBytes = Math.max(mostBytes, heapBytes());
}
await client.close();
console.log(JSON.stringify({ read, growthBytes: mostBytes - firstBytes }));
