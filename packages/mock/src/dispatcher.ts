import { Dispatcher, errors } from 'undici';

/** An undici dispatcher whose requests are answered by `handle`, whatever their origin. It opens nothing and has nothing to close. */
export function createFakeDispatcher(handle: (request: Request) => Promise<Response>): Dispatcher {
  class FakeDispatcher extends Dispatcher {
    override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
      void answer(options, handler, handle);
      return true;
    }

    override close(callback?: () => void): Promise<void> {
      callback?.();
      return Promise.resolve();
    }

    override destroy(...given: readonly unknown[]): Promise<void> {
      const callback = given.at(-1);
      if (typeof callback === 'function') callback();
      return Promise.resolve();
    }
  }
  // undici hands over handlers of two kinds; a composed dispatcher makes one kind of them.
  return new FakeDispatcher().compose((dispatch) => (options, handler) => dispatch(options, handler));
}

/** One request through the handler's callbacks, in undici's order. Once aborted, the handler hears nothing more. */
async function answer(
  options: Dispatcher.DispatchOptions,
  handler: Dispatcher.DispatchHandler,
  handle: (request: Request) => Promise<Response>,
): Promise<void> {
  let reason: Error | null = null;
  const controller: Dispatcher.DispatchController = {
    get aborted() {
      return reason !== null;
    },
    get paused() {
      return false;
    },
    get reason() {
      return reason;
    },
    abort(given) {
      if (reason) return;
      reason = given;
      handler.onResponseError?.(controller, given);
    },
    pause() {},
    resume() {},
  };

  try {
    handler.onRequestStart?.(controller, null);
    if (controller.aborted) return;
    const response = await handle(await toRequest(options));
    if (controller.aborted) return;
    const headers = Object.fromEntries(response.headers);
    controller.rawHeaders = Object.entries(headers).flatMap(([name, value]) => [Buffer.from(name), Buffer.from(value)]);
    handler.onResponseStart?.(controller, response.status, headers, response.statusText);
    for await (const chunk of response.body ?? []) {
      if (controller.aborted) return;
      handler.onResponseData?.(controller, Buffer.from(chunk));
    }
    if (!controller.aborted) handler.onResponseEnd?.(controller, {});
  } catch (error) {
    const isCut = error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
    // A failure is no abort: a handler that tries again looks at the difference.
    if (!controller.aborted) {
      handler.onResponseError?.(controller, isCut ? new errors.SocketError('other side closed') : (error as Error));
    }
  }
}

async function toRequest(options: Dispatcher.DispatchOptions): Promise<Request> {
  const origin = new URL(options.origin ?? 'http://kis.invalid').origin;
  // Not by URL's second argument: a path may begin with two slashes.
  const url = new URL(options.path.startsWith('/') ? origin + options.path : options.path);
  for (const [name, value] of Object.entries(options.query ?? {})) url.searchParams.append(name, String(value));
  const body = await bodyOf(options.body);
  const { method } = options;
  // KIS does not look at the body of a GET, and WHATWG knows none.
  const mayHaveBody = method !== 'GET' && method !== 'HEAD' && body !== undefined;
  return new Request(url, { method, headers: headersOf(options.headers), ...(mayHaveBody ? { body } : {}) });
}

function headersOf(given: Dispatcher.DispatchOptions['headers']): Headers {
  const headers = new Headers();
  const pairs = Array.isArray(given) && typeof given[0] === 'string' ? inPairs(given) : given;
  const entries = pairs && Symbol.iterator in pairs ? pairs : Object.entries(pairs ?? {});
  for (const [name, value] of entries as Iterable<[string, string | readonly string[] | undefined]>) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) headers.append(name, String(one));
  }
  return headers;
}

/** undici's flat form: name, value, name, value. */
function inPairs(flat: readonly string[]): [string, string][] {
  return Array.from({ length: flat.length / 2 }, (_, n) => [flat[2 * n] ?? '', flat[2 * n + 1] ?? '']);
}

async function bodyOf(body: unknown): Promise<string | Buffer | undefined> {
  if (body === null || body === undefined) return undefined;
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return Buffer.from(body);
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array | string>) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
