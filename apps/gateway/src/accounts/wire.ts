import type { Dispatcher } from 'undici';

/** One exchange with KIS, as it was on the wire. */
export interface Exchange {
  /** KIS: `tr_id`; `''` of what has none, such as a question for a token. */
  readonly trId: string;
  /** 0: there was no answer. */
  readonly status: number;
  readonly durationMs: number;
}

/** The same dispatcher, which tells of every exchange that ends. */
export function observe(dispatcher: Dispatcher, onExchange: (exchange: Exchange) => void): Dispatcher {
  return dispatcher.compose((dispatch) => (options, handler) => {
    const startedMs = performance.now();
    const trId = headersOf(options).tr_id ?? '';
    let status = 0;
    const tell = () => onExchange({ trId, status, durationMs: performance.now() - startedMs });
    return dispatch(
      options,
      tap(handler, {
        onStart(started) {
          status = started;
        },
        onEnd: tell,
        onError() {
          status = 0;
          tell();
        },
      }),
    );
  });
}

/** What is listened to of an answer. */
export interface Tap {
  /** Nothing has been sent yet: it is in the next moment. */
  onBegin?(): void;
  onStart?(status: number, headers: Readonly<Record<string, string | string[] | undefined>>): void;
  onData?(chunk: Buffer): void;
  onEnd?(): void;
  onError?(): void;
}

/** The handler, and whoever listens beside it. */
export function tap(handler: Dispatcher.DispatchHandler, listener: Tap): Dispatcher.DispatchHandler {
  return {
    onRequestStart(...given) {
      listener.onBegin?.();
      handler.onRequestStart?.(...given);
    },
    onRequestUpgrade: (...given) => handler.onRequestUpgrade?.(...given),
    onResponseStart(controller, status, headers, message) {
      listener.onStart?.(status, headers);
      handler.onResponseStart?.(controller, status, headers, message);
    },
    onResponseData(controller, chunk) {
      listener.onData?.(chunk);
      handler.onResponseData?.(controller, chunk);
    },
    onResponseEnd(controller, trailers) {
      listener.onEnd?.();
      handler.onResponseEnd?.(controller, trailers);
    },
    onResponseError(controller, error) {
      listener.onError?.();
      handler.onResponseError?.(controller, error);
    },
  };
}

/** Of a request of the client's, which gives them as an object. */
export function headersOf({ headers }: Dispatcher.DispatchOptions): Readonly<Record<string, string>> {
  const isObject = typeof headers === 'object' && headers !== null && !(Symbol.iterator in headers);
  return isObject ? (headers as Record<string, string>) : {};
}
