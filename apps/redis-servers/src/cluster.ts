import { setTimeout } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { type RedisServer, startRedis } from './redis-server.ts';

/** Its nodes share the slots evenly, in their order. */
export interface RedisCluster extends AsyncDisposable {
  readonly nodes: readonly RedisServer[];
  /** Restarts a node: it is empty and keeps its slots. Resolves when all nodes count it in. */
  restart(n: number): Promise<void>;
  stop(): Promise<void>;
}

const SLOTS = 16_384;
const config: readonly string[] = [
  ...['--cluster-enabled', 'yes', '--cluster-node-timeout', '1000'],
  // A node alone would never hear of its own address.
  ...['--cluster-announce-ip', '127.0.0.1'],
];

export async function startRedisCluster(size: 1 | 3): Promise<RedisCluster> {
  const nodes = await Promise.all(Array.from({ length: size }, () => startRedis({ config })));

  async function ask(work: (clients: readonly Redis[]) => Promise<void>): Promise<void> {
    const clients = nodes.map(({ port }) => new Redis({ port }));
    try {
      await work(clients);
      for (const client of clients) await untilWhole(client, size);
    } finally {
      for (const client of clients) client.disconnect();
    }
  }

  async function stop(): Promise<void> {
    await Promise.all(nodes.map((node) => node.stop()));
  }

  await ask(async (clients) => {
    for (const [n, client] of clients.entries()) {
      const [from, to] = [Math.floor((n * SLOTS) / size), Math.floor(((n + 1) * SLOTS) / size)];
      await client.cluster('ADDSLOTS', ...Array.from({ length: to - from }, (_, slot) => from + slot));
      await client.cluster('SET-CONFIG-EPOCH', n + 1);
    }
    for (const { port } of nodes.slice(1)) await clients[0]?.cluster('MEET', '127.0.0.1', port);
  });
  return {
    nodes,
    async restart(n) {
      await nodes[n]?.restart();
      await ask(async () => {});
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function untilWhole(client: Redis, size: number): Promise<void> {
  for (;;) {
    const info = String(await client.cluster('INFO'));
    if (info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${size}`)) return;
    await setTimeout(20);
  }
}
