import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between a client and a server on a loopback port, and breaks what goes through it. */
export interface Proxy extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** How many connections were made so far. */
  readonly connections: number;
  /**
   * The next request that has `text` in it (in any case) reaches the server, its reply is thrown away and the connection is
   * cut. Resolves when that has happened.
   */
  loseReplyTo(text: string): Promise<void>;
  /** Every reply comes this much later, from now on. */
  delayReplies(delayMs: number): void;
  /** Cuts all connections; new ones are made. */
  cut(): void;
  /** Cuts all connections, and until `accept` nobody listens on the port. */
  refuse(): Promise<void>;
  /** New connections go to another server, as DNS leads them after a failover. */
  lead(target: number): void;
  accept(): Promise<void>;
  stop(): Promise<void>;
}

export async function startProxy(first: number): Promise<Proxy> {
  let target = first;
  const sockets = new Set<Socket>();
  let connections = 0;
  let replyDelayMs = 0;
  let victim: { readonly text: string; readonly lost: () => void } | undefined;

  const server = createServer((client) => {
    connections += 1;
    const upstream = connect(target, '127.0.0.1');
    let lost: (() => void) | undefined;
    const both = [client, upstream];
    for (const socket of both) {
      sockets.add(socket);
      socket.setNoDelay(true).on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        for (const end of both) end.destroy();
      });
    }
    client.on('data', (chunk) => {
      if (victim !== undefined && chunk.toString('latin1').toLowerCase().includes(victim.text)) {
        lost = victim.lost;
        victim = undefined;
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (lost !== undefined) {
        client.destroy();
        lost();
      } else if (replyDelayMs > 0) setTimeout(() => client.write(chunk), replyDelayMs);
      else client.write(chunk);
    });
  });

  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const listen = async (port: number): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const refuse = async (): Promise<void> => {
    if (!server.listening) return;
    server.close();
    cut();
    await once(server, 'close');
  };

  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    get connections() {
      return connections;
    },
    loseReplyTo: (text) =>
      new Promise((lost) => {
        victim = { text: text.toLowerCase(), lost };
      }),
    delayReplies(delayMs) {
      replyDelayMs = delayMs;
    },
    cut,
    refuse,
    lead(next) {
      target = next;
    },
    accept: () => listen(port),
    stop: refuse,
    [Symbol.asyncDispose]: refuse,
  };
}
