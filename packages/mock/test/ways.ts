import { setupServer } from 'msw/node';
import { fetch as undiciFetch, request as undiciRequest } from 'undici';
import { type FakeKis, startMockServer } from '../src/index.ts';
import { kisHandlers } from '../src/msw.ts';

/** What is asked, whichever way it goes. */
interface Asked {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Heard {
  readonly status: number;
  readonly headers: Headers;
  text(): Promise<string>;
}

/** A way to ask a fake, from `path` to the answer. */
export interface Way {
  ask(path: string, asked: Asked): Promise<Heard>;
  close(): Promise<void>;
}

const REAL = 'https://openapi.koreainvestment.com:9443';
const done = (): Promise<void> => Promise.resolve();

/** All ways into a fake of the real environment. */
export const WAYS: readonly (readonly [name: string, open: (fake: FakeKis) => Promise<Way>])[] = [
  [
    'handle',
    async (fake) => ({ ask: (path, asked) => fake.handle(new Request(REAL + path, init(asked))), close: done }),
  ],
  [
    'undici’s request through the dispatcher',
    async ({ dispatcher }) => ({
      async ask(path, asked) {
        const reply = await undiciRequest(REAL + path, {
          ...init(asked),
          method: asked.method as 'GET',
          dispatcher,
          signal: asked.signal ?? null,
        });
        const headers = new Headers(Object.entries(reply.headers).map(([name, value]) => [name, String(value)]));
        return { status: reply.statusCode, headers, text: () => reply.body.text() };
      },
      close: done,
    }),
  ],
  [
    'undici’s fetch through the dispatcher',
    async ({ dispatcher }) => ({
      ask: async (path, asked) => undiciFetch(REAL + path, { ...init(asked), dispatcher }) as unknown as Promise<Heard>,
      close: done,
    }),
  ],
  [
    'fetch to the server',
    async (fake) => {
      const server = await startMockServer({ fake });
      return { ask: (path, asked) => fetch(server.url + path, init(asked)), close: () => server.close() };
    },
  ],
  [
    'fetch through msw',
    async (fake) => {
      const msw = setupServer(...kisHandlers(fake));
      msw.listen({ onUnhandledRequest: 'error' });
      return { ask: (path, asked) => fetch(REAL + path, init(asked)), close: async () => msw.close() };
    },
  ],
];

function init({ method, headers, body, signal }: Asked) {
  return {
    method,
    headers: { ...headers },
    ...(body === undefined ? {} : { body }),
    ...(signal === undefined ? {} : { signal }),
  };
}
