import type { IncomingHttpHeaders } from 'node:http';

/** Where a browser may be led from anywhere: what is shown there asks for all else by itself. */
const SHOWN = /^\/(?:docs(?:\/[\w./-]*)?)?(?:\?|$)/;

/**
 * Whether a page of another site has a browser ask this. It may not read what comes, and asks nevertheless. Who is no
 * browser sends none of these headers.
 */
export function isFromOtherSite(url: string, headers: IncomingHttpHeaders): boolean {
  const { origin, host } = headers;
  if (origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === host)) return true;
  const site = headers['sec-fetch-site'];
  if (site !== 'cross-site' && site !== 'same-site') return false;
  const isShown = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return !(isShown && SHOWN.test(url));
}
