import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

export interface RedisServer {
  readonly url: string;
  end(): void;
}

/** A Redis of its own on a free loopback port, which keeps nothing; undefined where the machine has none. */
export async function startRedis(): Promise<RedisServer | undefined> {
  const port = await findPort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const missing = new Promise<boolean>((resolve) => server.once('error', () => resolve(true)));
  if (await Promise.race([missing, once(server, 'spawn').then(() => false)])) return undefined;
  for await (const line of createInterface(server.stdout)) {
    if (line.includes('Ready to accept connections')) {
      server.stdout.resume();
      return { url: `redis://127.0.0.1:${port}`, end: () => void server.kill() };
    }
  }
  throw new Error('redis-server ended before it was ready');
}

async function findPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
