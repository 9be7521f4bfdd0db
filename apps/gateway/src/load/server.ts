import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export interface Server {
  readonly url: string;
  /** The least that Node has on its heap within so long: what is to be collected is then not among it. */
  heapFloorBytes(lengthMs: number): Promise<number>;
  /** What it has used of the processors since it began. */
  cpuSeconds(): Promise<number>;
  close(): Promise<void>;
}

/** The built gateway in a process of its own, whose prices are kept for the length of the load. */
export async function startServer(options: { readonly folder: string; readonly kisUrl: string }): Promise<Server> {
  const { PATH, HOME } = process.env;
  const main = fileURLToPath(new URL('../../node_modules/.load/main.js', import.meta.url));
  const child = spawn(process.execPath, [main], {
    env: {
      ...{ PATH, HOME, PORT: '0', LOG_LEVEL: 'warn' },
      ...{ KIS_APP_KEY: 'PSload', KIS_APP_SECRET: 'testsecret+/='.repeat(13), KIS_USE_VIRTUAL_SERVER: 'false' },
      ...{ KIS_API_BASE_URL_REAL: options.kisUrl, KIS_TOKEN_FILE_PATH: join(options.folder, 'token.json') },
      KIS_CACHE_TTL_PRICE: '3600',
    },
  });
  child.stderr.pipe(process.stderr);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const url = /http:\S+/.exec(line.toString())?.[0] ?? '';

  async function read(name: string): Promise<number> {
    const text = await (await fetch(`${url}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  }

  return {
    url,
    async heapFloorBytes(lengthMs) {
      let least = Number.POSITIVE_INFINITY;
      for (const endMs = performance.now() + lengthMs; performance.now() < endMs; await sleep(200)) {
        least = Math.min(least, await read('nodejs_heap_size_used_bytes'));
      }
      return least;
    },
    cpuSeconds: () => read('process_cpu_seconds_total'),
    async close() {
      child.kill('SIGTERM');
      await once(child, 'close');
    },
  };
}
