import { setMaxListeners } from 'node:events';
import { Agent, request } from 'undici';

export interface StreamsReport {
  /** How many streams were open. */
  readonly opened: number;
  readonly events: number;
  /** How many streams were silent for longer than three seconds. */
  readonly stale: number;
  readonly firstMs: number;
}

/** Opens so many event streams, listens, and closes them. */
export async function watchStreams(url: string, count: number, lengthMs: number): Promise<StreamsReport> {
  const dispatcher = new Agent({ connections: null, pipelining: 1 });
  const hangUp = new AbortController();
  setMaxListeners(0, hangUp.signal);
  const startedMs = performance.now();
  let events = 0;
  let [firstMs, opened] = [0, 0];
  const stale = new Set<number>();

  async function watch(index: number): Promise<void> {
    const { body } = await request(`${url}/events`, { dispatcher, signal: hangUp.signal });
    opened += 1;
    let lastMs = performance.now();
    let isFirst = true;
    for await (const chunk of body) {
      const nowMs = performance.now();
      if (isFirst) firstMs = Math.max(firstMs, nowMs - startedMs);
      else if (nowMs - lastMs > 3_000) stale.add(index);
      isFirst = false;
      lastMs = nowMs;
      events += (chunk as Buffer).toString().split('\nevent: ').length;
    }
  }

  const watching = Array.from({ length: count }, (_, index) => watch(index).catch(() => {}));
  await new Promise((resolve) => setTimeout(resolve, lengthMs));
  hangUp.abort();
  await Promise.all(watching);
  await dispatcher.destroy();
  return { opened, events, stale: stale.size, firstMs };
}
