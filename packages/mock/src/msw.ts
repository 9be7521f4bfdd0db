import type { RequestHandler } from 'msw';
import type { FakeKis } from './fake-kis.ts';
import { KIS_ORIGINS, KRX_ORIGIN, KRX_PATH, MASTER_FILES_ORIGIN, MASTER_FILES_PATH } from './hosts.ts';
import { loadMsw } from './load-msw.ts';

export interface KisHandlersOptions {
  /** The `baseUrl` of the client; only its origin counts. Default: KIS's own host of the fake's environment. */
  readonly baseUrl?: string | URL | undefined;
}

/**
 * Handlers for msw's `setupServer`: every request to KIS, for its files of symbols, and to the Korea Exchange is answered by the fake.
 *
 * A connection that the fake cuts is msw's network error. Throws a TypeError for a `baseUrl` that is no http or https URL, and an Error when msw is
 * not installed.
 */
export function kisHandlers(fake: FakeKis, options: KisHandlersOptions = {}): RequestHandler[] {
  const origin = originOf(options.baseUrl ?? KIS_ORIGINS[fake.environment]);
  const { http } = loadMsw();
  const isKis = ({ request }: { readonly request: Request }): boolean => {
    const url = new URL(request.url);
    const isBelow = (host: string, path: string) => url.origin === host && url.pathname.startsWith(path);
    return url.origin === origin || isBelow(MASTER_FILES_ORIGIN, MASTER_FILES_PATH) || isBelow(KRX_ORIGIN, KRX_PATH);
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
  const given = String(baseUrl);
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url.origin;
  const shown = given.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1');
  throw new TypeError(`mock: \`baseUrl\` must be an http or https URL, got ${JSON.stringify(shown)}`);
}
