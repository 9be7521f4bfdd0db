import type { Server } from './server.ts';

/** Starts a gateway again and again, each killed after its first quote, and gives how long each took, shortest first. */
export async function measureStarts(start: () => Promise<Server>, count: number): Promise<number[]> {
  const tookMs: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const startedMs = performance.now();
    const server = await start();
    await (await fetch(`${server.url}/v1/quotes/005930`)).text();
    tookMs.push(performance.now() - startedMs);
    await server.end('SIGKILL');
  }
  return tookMs.sort((a, b) => a - b);
}
