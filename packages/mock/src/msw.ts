import type { RequestHandler } from 'msw';
import type { FakeKis } from './fake-kis.ts';
import { KIS_ORIGINS, MASTER_FILES_ORIGIN, MASTER_FILES_PATH } from './hosts.ts';
import { loadMsw } from './load-msw.ts';

export interface KisHandlersOptions {
  /** The `baseUrl` of the client; only its origin counts. Default: KIS's own host of the fake's environment. */
  readonly baseUrl?: string | URL | undefined;
}

/**
 * Handlers for msw's `setupServer`: every request to KIS, and for its files of symbols, is answered by the fake.
 *
 * A connection that the fake cuts is msw's network error. Throws a TypeError for a `baseUrl` that is no URL, and an Error when msw is
 * not installed.
 */
export function kisHandlers(fake: FakeKis, options: KisHandlersOptions = {}): RequestHandler[] {
  const origin = originOf(options.baseUrl ?? KIS_ORIGINS[fake.environment]);
  const { http } = loadMsw();
  const isKis = ({ request }: { readonly request: Request }): boolean => {
    const url = new URL(request.url);
    return url.origin === origin || (url.origin === MASTER_FILES_ORIGIN && url.pathname.startsWith(MASTER_FILES_PATH));
  };
  return [
    http.all(isKis, async ({ request }) => {
      try {
        return await fake.handle(request);
      } catch (error) {
        // Not by its class: the CJS builds of this file and of the fake have one each.
        if (error instanceof Error && 'code' in error && error.code === 'ECONNRESET') return Response.error();
        throw error;
      }
    }),
  ];
}

function originOf(baseUrl: string | URL): string {
  try {
    return new URL(baseUrl).origin;
  } catch {
    throw new TypeError(`mock: \`baseUrl\` must be a URL, got ${JSON.stringify(baseUrl)}`);
  }
}
