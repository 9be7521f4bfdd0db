import { randomUUID } from 'node:crypto';
import { KisApiError, type KisClient, KisNetworkError, KisResponseError } from '@kis/client';
import type { Dispatcher } from 'undici';
import { headersOf, tap } from './wire.ts';

/** A call of somebody's own, in KIS's words. */
interface RelayCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  readonly body: Buffer;
  /** KIS: `tr_id`. */
  readonly trId: string;
  /** Beside those that the client sends; keys and token are the client's. */
  readonly headers: Readonly<Record<string, string>>;
  /** What it changes is changed when its first byte has left: `signal` then ends it no more. */
  readonly isOrder: boolean;
  readonly signal: AbortSignal;
}

/** KIS's answer, untouched. */
export interface RelayReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** What the client says of an answer that is a refusal, or that it cannot read. */
  readonly refusal?: KisApiError | KisResponseError | undefined;
}

/**
 * Sends a call through all layers of the client (its token, budget, breaker and repeats), and gives KIS's answer as it came,
 * a refusal, too. Rejects as the client does where KIS said nothing.
 */
export type Relay = (call: RelayCall) => Promise<RelayReply>;

/** What goes back to whoever called, beside what HTTP needs for itself. */
const RETURNED = ['content-type', 'tr_id', 'tr_cont', 'gt_uid', 'retry-after'];
const MARK = 'GATEWAY_CALL';
export const HASHKEY_PATH = '/uapi/hashkey';

interface Pending {
  readonly call: RelayCall;
  /** Aborted when the call is not wanted any more. */
  readonly wanted: AbortController;
  reply: RelayReply | undefined;
  /** Its first byte has left, and its answer has not come. */
  isOut: boolean;
  /** Where whoever asked has gone it is not wanted any more, but for an order that is out. */
  leave(): void;
}

/**
 * The client parses what it sends and gets, and relayed calls are to stay as they are. So the client is asked for a call with
 * a mark for its only parameter; below all its layers, where the mark comes by, the call's own bytes take its place, and the
 * answer's bytes are kept.
 */
export function createRelay(dispatcher: Dispatcher): {
  /** What the client is to send by. */
  readonly dispatcher: Dispatcher;
  through(request: KisClient['request']): Relay;
} {
  const pending = new Map<string, Pending>();

  return {
    dispatcher: dispatcher.compose((dispatch) => (options, handler) => {
      const found = pending.get(markOf(options));
      return found === undefined
        ? dispatch(options, handler)
        : dispatch(replace(options, found.call), listen(handler, found));
    }),
    through: (request) => async (call) => {
      const { method, path, trId, isOrder, signal } = call;
      const mark = randomUUID();
      const wanted = new AbortController();
      const kept: Pending = {
        call,
        wanted,
        reply: undefined,
        isOut: false,
        leave() {
          if (signal.aborted && !(isOrder && kept.isOut)) wanted.abort(signal.reason);
        },
      };
      signal.throwIfAborted();
      signal.addEventListener('abort', kept.leave);
      pending.set(mark, kept);
      try {
        await request({ method, path, trId }, { [MARK]: mark }, { signal: wanted.signal });
      } catch (error) {
        const refusal = error instanceof KisApiError || error instanceof KisResponseError ? error : undefined;
        // Whoever left when the answer had come has changed nothing of it.
        const isAnswered = refusal !== undefined || error === signal.reason;
        if (!isAnswered || kept.reply === undefined) throw error;
        return { ...kept.reply, refusal };
      } finally {
        signal.removeEventListener('abort', kept.leave);
        pending.delete(mark);
      }
      if (kept.reply === undefined) throw new KisNetworkError('the answer was not kept', { mayHaveArrived: true });
      return kept.reply;
    },
  };
}

function markOf({ method, path, body }: Dispatcher.DispatchOptions): string {
  const text = method === 'GET' ? path : typeof body === 'string' ? body : '';
  return (method === 'GET' ? /\?GATEWAY_CALL=([\w-]+)$/ : /^\{"GATEWAY_CALL":"([\w-]+)"\}$/).exec(text)?.[1] ?? '';
}

function replace(options: Dispatcher.DispatchOptions, call: RelayCall): Dispatcher.DispatchOptions {
  const { method, path, query, body, headers } = call;
  const { tr_id, ...ours } = headersOf(options);
  return {
    ...options,
    path: query === '' ? path : `${path}?${query}`,
    // KIS has no `tr_id` for a hash.
    headers: { ...ours, ...(path === HASHKEY_PATH ? {} : { tr_id }), ...headers },
    ...(method === 'POST' ? { body } : {}),
  };
}

function listen(handler: Dispatcher.DispatchHandler, kept: Pending): Dispatcher.DispatchHandler {
  const { call, wanted } = kept;
  const chunks: Buffer[] = [];
  let status = 0;
  let headers: Record<string, string> = {};
  // Of several attempts the last counts.
  kept.reply = undefined;
  const listening = tap(handler, {
    onBegin() {
      // Left while an attempt was under way that KIS did not run: there is no further one.
      kept.leave();
      kept.isOut = !wanted.signal.aborted;
    },
    onStart(started, given) {
      status = started;
      headers = Object.fromEntries(RETURNED.flatMap((name) => [given[name] ?? []].flat().map((it) => [name, it])));
    },
    onData: (chunk) => void chunks.push(chunk),
    onEnd() {
      kept.isOut = false;
      kept.reply = { status, headers, body: Buffer.concat(chunks) };
      // When the client has read it: where that was a refusal, the call waits by then for its turn to be sent again.
      setImmediate(kept.leave);
    },
    onError() {
      kept.isOut = false;
    },
  });
  if (call.path !== HASHKEY_PATH) return listening;
  // A hash is the one answer of /uapi that bears no result code, without which the client takes it for none.
  return {
    ...listening,
    onResponseData: (_, chunk) => void chunks.push(chunk),
    onResponseEnd(controller, trailers) {
      const body = Buffer.concat(chunks);
      const isHash = status === 200 && body.includes('"HASH"');
      handler.onResponseData?.(controller, isHash ? Buffer.from('{"rt_cd":"0"}') : body);
      listening.onResponseEnd?.(controller, trailers);
    },
  };
}
