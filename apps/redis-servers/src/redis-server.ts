import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { makeCertificate } from './certificate.ts';
import { type Child, startChild } from './child.ts';
import { needProgram, redisNames } from './program.ts';

export interface RedisOptions {
  readonly password?: string;
  /** Lines of an ACL: `'lim on >p ~kis:* +get'`. */
  readonly users?: readonly string[];
  readonly tls?: boolean;
  /** Further arguments: `['--maxmemory', '2mb']`. */
  readonly config?: readonly string[];
  /** It has all that its primary has when it is given out. */
  readonly replicaOf?: RedisServer;
}

/** A server of its own on 127.0.0.1, which keeps nothing and ends with this process. */
export interface RedisServer extends AsyncDisposable {
  /** Without a password. */
  readonly url: string;
  readonly port: number;
  /** Another one after a restart. */
  readonly pid: number;
  /** Of TLS: the certificate to trust, as PEM. */
  readonly ca?: string;
  /** By SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** By SIGSTOP: connections are still made, and nothing is answered. */
  freeze(): void;
  thaw(): void;
  /** On the same port with the same options, and empty. Kills the one that still runs. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const READY = 'Ready to accept connections';
const PORT_TRIES = 20;

export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const program = await needProgram(redisNames);
  const directory = await mkdtemp(join(tmpdir(), 'kis-redis-'));
  const tls = options.tls === true ? await makeCertificate(directory) : undefined;
  const fixed = [
    ...[
      '--bind',
      '127.0.0.1',
      '--dir',
      directory,
      '--save',
      '',
      '--appendonly',
      'no',
      '--repl-diskless-sync-delay',
      '0',
    ],
    ...(options.password === undefined ? [] : ['--requirepass', options.password, '--masterauth', options.password]),
    ...(options.users ?? []).flatMap((line) => ['--user', ...line.split(' ')]),
    ...(options.replicaOf === undefined ? [] : ['--replicaof', '127.0.0.1', String(options.replicaOf.port)]),
    ...(tls === undefined ? [] : ['--tls-cert-file', tls.certificate, '--tls-key-file', tls.key]),
    ...(tls === undefined ? [] : ['--tls-ca-cert-file', tls.certificate, '--tls-auth-clients', 'no']),
    ...(options.config ?? []),
  ];

  function launch(port: number): Promise<Child | string> {
    const listen = tls === undefined ? ['--port', String(port)] : ['--port', '0', '--tls-port', String(port)];
    return startChild([program, ...listen, ...fixed], directory, READY);
  }

  /** Somebody else may take a port at any time, so Redis itself is asked. */
  async function launchAnywhere(): Promise<{ port: number; child: Child }> {
    for (let n = 1; ; n += 1) {
      // Below those that outgoing connections are given, so that it is still free for a restart. A cluster also uses port + 10,000.
      const port = randomInt(10_000, 20_000);
      const child = await launch(port);
      if (typeof child !== 'string') return { port, child };
      if (n === PORT_TRIES || !child.includes('in use')) throw new Error(`redis-server did not start:\n${child}`);
    }
  }

  const first = await launchAnywhere().catch(async (error: unknown) => {
    await rm(directory, { recursive: true, force: true });
    throw error;
  });
  const { port } = first;
  let { child } = first;
  const url = `${tls === undefined ? 'redis' : 'rediss'}://127.0.0.1:${port}`;

  async function stop(): Promise<void> {
    await child.kill();
    await rm(directory, { recursive: true, force: true });
  }

  if (options.replicaOf !== undefined) await untilReplicated(port, options.password);
  return {
    url,
    port,
    get pid() {
      return child.pid;
    },
    ...(tls === undefined ? {} : { ca: tls.ca }),
    kill: () => child.kill(),
    freeze: () => child.signal('SIGSTOP'),
    thaw: () => child.signal('SIGCONT'),
    async restart() {
      await child.kill();
      const next = await launch(port);
      if (typeof next === 'string') throw new Error(`redis-server did not start again:\n${next}`);
      child = next;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function untilReplicated(port: number, password: string | undefined): Promise<void> {
  const client = new Redis({ port, ...(password === undefined ? {} : { password }) });
  try {
    while (!(await client.info('replication')).includes('master_link_status:up')) await setTimeout(20);
  } finally {
    client.disconnect();
  }
}
