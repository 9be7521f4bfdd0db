import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startMockServer } from '@kis/mock';
import { buildServer } from '../build-server.ts';
import type { LoadReport } from './generator.ts';
import { startServer } from './server.ts';
import { watchStreams } from './streams.ts';

// What the gateway bears on this machine, with whoever asks beside it: cached quotes at 2,000 a second, then 500 listeners.
// It stays on 127.0.0.1 and ends by itself.

const [seconds = 30, perSecond = 2_000, streams = 500] = process.argv.slice(2).map(Number);

const folder = await mkdtemp(join(tmpdir(), 'kis-gateway-load-'));
const kis = await startMockServer();
await buildServer('node_modules/.load');
const server = await startServer({ folder, kisUrl: kis.url });
try {
  await run(3);
  const cpuBefore = await server.cpuSeconds();
  // The heap is looked at in the first and in the last third, while the questions come.
  const [measured, early, late] = await Promise.all([
    run(seconds),
    server.heapFloorBytes(seconds * 333),
    sleep(seconds * 667).then(() => server.heapFloorBytes(seconds * 300)),
  ]);
  const cpuMs = ((await server.cpuSeconds()) - cpuBefore) * 1_000;
  console.log(`cached quotes, ${perSecond} a second for ${seconds} s: ${told(measured)}`);
  console.log(
    `${(cpuMs / measured.asked).toFixed(2)} ms of a processor for each; heap ${mb(early)} at first, ${mb(late)} at last`,
  );
  const { events, stale, firstMs } = await watchStreams(server.url, streams, 10_000);
  console.log(
    `${streams} event streams for 10 s: ${events} events, ${stale} streams without one in any 3 s, all open after ${firstMs.toFixed()} ms`,
  );
  const [closed] = await Promise.all([server.heapFloorBytes(5_000), run(5)]);
  console.log(`heap when they are closed and quotes asked for again: ${mb(closed)}`);
  console.log(`KIS was asked ${kis.fake.log().calls} times`);
} finally {
  await server.close();
  await kis.close();
  await rm(folder, { recursive: true });
}

async function run(lengthSeconds: number): Promise<LoadReport> {
  const args = [`${server.url}/v1/quotes/005930`, String(perSecond), String(lengthSeconds)];
  const child = fork(new URL('./generator.ts', import.meta.url), args, { execArgv: ['--import', 'tsx'] });
  const [report] = (await once(child, 'message')) as [LoadReport];
  return report;
}

function told({ asked, ok, p50Ms, p99Ms, longestMs, perSecond: reached }: LoadReport): string {
  return `${ok} of ${asked} ok, ${reached.toFixed()} a second, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, longest ${longestMs.toFixed(1)} ms`;
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
