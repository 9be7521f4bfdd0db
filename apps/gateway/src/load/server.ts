import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { buildServer } from '../build-server.ts';

export interface Server {
  readonly url: string;
  /** What is on its heap when all else was collected. */
  heapBytes(): Promise<number>;
  /** What it has used of the processors since it began. */
  cpuSeconds(): Promise<number>;
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Beside the dependencies. */
const BUILT = fileURLToPath(new URL('../../node_modules/.load/', import.meta.url));

/** Put before the gateway: when asked, it collects, and tells what is left. */
const TELL_HEAP =
  'data:text/javascript,process.on("message", () => { gc(); process.send(process.memoryUsage().heapUsed); })';

/** Builds the gateway, and gives what starts it in a process of its own, with prices that are kept for an hour. */
export async function createServers(options: {
  readonly folder: string;
  readonly kisUrl: string;
}): Promise<() => Promise<Server>> {
  await buildServer(BUILT);
  const { PATH, HOME } = process.env;
  const env = {
    ...{ PATH, HOME, PORT: '0' },
    ...{ KIS_APP_KEY: 'PSload', KIS_APP_SECRET: 'testsecret+/='.repeat(13), KIS_USE_VIRTUAL_SERVER: 'false' },
    ...{ KIS_API_BASE_URL_REAL: options.kisUrl, KIS_TOKEN_FILE_PATH: join(options.folder, 'token.json') },
    KIS_CACHE_TTL_PRICE: '3600',
  };

  return async () => {
    // As it is started elsewhere, and what is measured by.
    const flags = ['--single-threaded-gc', '--expose-gc', '--import', TELL_HEAP];
    const child = spawn(process.execPath, [...flags, join(BUILT, 'main.js')], {
      env,
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    const stdout = child.stdout as Readable;
    const ended = once(child, 'close');
    const tooSoon = ended.then(() => Promise.reject(new Error('the gateway has ended')));
    tooSoon.catch(() => {});
    let url: string | undefined;
    while (url === undefined) {
      const [line] = (await Promise.race([once(stdout, 'data'), tooSoon])) as [Buffer];
      url = /http:\/\/[\d.:]+/.exec(line.toString())?.[0];
    }
    stdout.resume();
    return {
      url,
      async heapBytes() {
        child.send('heap');
        const [bytes] = (await once(child, 'message')) as [number];
        return bytes;
      },
      async cpuSeconds() {
        const text = await (await fetch(`${url}/metrics`)).text();
        return Number(/^process_cpu_seconds_total (\S+)$/m.exec(text)?.[1]);
      },
      async end(signal) {
        child.kill(signal);
        await ended;
      },
    };
  };
}
