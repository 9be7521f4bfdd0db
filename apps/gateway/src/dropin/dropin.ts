import type { FastifyInstance } from 'fastify';
import type { Accounts } from '../accounts/accounts.ts';
import type { SignalOf } from '../http/callers.ts';
import type { IsKey } from '../http/keys.ts';
import type { Problems } from '../live/problems.ts';
import { oauthRefusal } from './kis-replies.ts';
import { oauthRoutes } from './oauth.ts';
import { sendAnswer } from './send.ts';
import { uapiRoutes } from './uapi.ts';

/** KIS's own paths, for clients that know nothing of a gateway: with its shapes, its statuses, its headers, its mistakes. */
export async function dropIn(
  app: FastifyInstance,
  options: {
    readonly accounts: Accounts;
    readonly signalOf: SignalOf;
    readonly isKey: IsKey;
    readonly needsKey: boolean;
    /** Told of what KIS refused, or did not answer. */
    readonly note: Problems['note'];
  },
): Promise<void> {
  // They are KIS's to document.
  app.addHook('onRoute', (route) => {
    route.schema = { ...route.schema, hide: true };
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.all('/oauth2/*', (_, reply) => sendAnswer(reply, { ...oauthRefusal('EGW00202'), status: 404 }));
  oauthRoutes(app, options);
  uapiRoutes(app, options);
}
