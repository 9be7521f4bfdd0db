import type { IncomingHttpHeaders } from 'node:http';

/** Where a browser may be led from anywhere: what is shown there asks for all else by itself. */
const SHOWN = /^\/(?:docs(?:\/[\w./-]*)?)?(?:\?|$)/;

/**
 * Whether a page of another site has a browser ask this. It may not read what comes, and asks nevertheless. What the
 * browser itself says of the site counts alone: a proxy may have sent us another `Host` than the browser knows. Only a
 * browser that says nothing of it is judged by the origin.
 */
export function isFromOtherSite(url: string, headers: IncomingHttpHeaders): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (site === undefined) return origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === host);
  if (site === 'same-origin' || site === 'none') return false;
  const isShown = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return !(isShown && SHOWN.test(url));
}
