import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';

/** Those who wait for an answer. */
export interface Callers {
  /**
   * Aborted when whoever asked has gone, so that what waits for its turn need not be sent, and by `dismiss`. It is one
   * for all calls of a connection, which come one after the other.
   */
  signalOf(reply: FastifyReply): AbortSignal;
  /** Aborts what is under way, and tells what it was. */
  dismiss(reason: Error): readonly string[];
}

export type SignalOf = Callers['signalOf'];

interface Caller {
  readonly controller: AbortController;
  /** The last one that was begun. */
  reply: FastifyReply;
}

export function createCallers(): Callers {
  const callers = new Map<Socket, Caller>();

  function meet(socket: Socket, reply: FastifyReply): Caller {
    const caller = { controller: new AbortController(), reply };
    const leave = () => {
      callers.delete(socket);
      caller.controller.abort(new DOMException('the caller has gone', 'AbortError'));
    };
    callers.set(socket, caller);
    if (socket.destroyed) leave();
    else socket.once('close', leave);
    return caller;
  }

  return {
    signalOf(reply) {
      const { socket } = reply.request.raw;
      const caller = callers.get(socket) ?? meet(socket, reply);
      caller.reply = reply;
      return caller.controller.signal;
    },
    dismiss(reason) {
      const waiting = [...callers.values()].filter(({ reply }) => !reply.raw.writableEnded);
      for (const { controller } of callers.values()) controller.abort(reason);
      return waiting.map(({ reply: { request } }) => `${request.method} ${request.routeOptions.url}`);
    },
  };
}
