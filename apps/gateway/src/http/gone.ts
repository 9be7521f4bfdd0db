import type { FastifyReply } from 'fastify';

/** Aborted when whoever asked has gone before the answer was sent: what waits for its turn then need not be sent. */
export function signalOf(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  const { raw } = reply;
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort(new DOMException('the caller has gone', 'AbortError'));
  });
  return controller.signal;
}
