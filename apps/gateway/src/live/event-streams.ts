import type { FastifyReply } from 'fastify';

/** Whoever listens to server-sent events. */
export interface EventStreams {
  /** Takes over a reply, and sends `first` at once. */
  open(reply: FastifyReply, account: string, first: () => readonly string[]): void;
  /** To all, or to those who watch one account. */
  send(event: string, account?: string): void;
  readonly size: number;
  /** Whose board is looked at. */
  readonly watched: ReadonlySet<string>;
  close(): void;
}

/** Who reads so slowly that this much waits is let go; it may come again. */
const MOST_WAITING_BYTES = 1_000_000;

export function createEventStreams(): EventStreams {
  const streams = new Map<FastifyReply['raw'], string>();
  let isClosed = false;

  return {
    open(reply, account, first) {
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      streams.set(raw, account);
      raw.once('close', () => streams.delete(raw));
      raw.write(['retry: 2000\n\n', ...first()].join(''));
      if (isClosed) raw.end();
    },
    send(event, account) {
      for (const [raw, watched] of streams) {
        // A reply that waits for another on its connection hears of no end of it: who pipelines is found here.
        if (raw.req.socket.destroyed || raw.writableLength > MOST_WAITING_BYTES) {
          streams.delete(raw);
          raw.destroy();
        } else if (account === undefined || account === watched) {
          raw.write(event);
        }
      }
    },
    get size() {
      return streams.size;
    },
    get watched() {
      return new Set(streams.values());
    },
    close() {
      isClosed = true;
      for (const raw of streams.keys()) raw.end();
    },
  };
}

/** One event as it goes over the wire. */
export function eventOf(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}
