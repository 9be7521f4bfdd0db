import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands before a server on loopback, and makes connections die without a word, as a router does that forgets them. */
export interface MuteProxy {
  readonly url: string;
  /** From now on nothing more comes through the connections on which `path` was asked for; others work. */
  mute(path: string): void;
  stop(): void;
}

export async function startMuteProxy(target: string): Promise<MuteProxy> {
  const { hostname, port } = new URL(target);
  const clients = new Map<Socket, string>();
  const muted = new WeakSet<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    clients.set(client, '');
    client.on('data', (chunk) => {
      clients.set(client, (clients.get(client) ?? '') + chunk.toString('latin1'));
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (!muted.has(client)) client.write(chunk);
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on('error', () => {});
      one.on('close', () => other.destroy());
    }
    client.on('close', () => clients.delete(client));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mute(path) {
      for (const [client, asked] of clients) if (asked.includes(`GET ${path} `)) muted.add(client);
    },
    stop() {
      server.close();
      for (const client of clients.keys()) client.destroy();
    },
  };
}
