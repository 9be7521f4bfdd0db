import type { IssuerFetch } from '@kis/token-core';
import type { Http } from './http.ts';

/** Lets a token issuer ask over the client's own connections. Redirects are not followed. */
export function createIssuerFetch(http: Http): IssuerFetch {
  return async (url, { method, headers, body, signal }) => {
    const reply = await http.exchange(url, { method, headers, body, signal });
    return {
      status: reply.status,
      headers: { get: (name) => reply.header(name) ?? null },
      text: async () => reply.text,
    };
  };
}
