import type { FastifyInstance } from 'fastify';
import type { Accounts } from '../accounts/accounts.ts';
import type { IsKey } from '../http/keys.ts';
import { describeError } from '../http/problem.ts';
import { oauthRefusal, uapiRefusal } from './kis-replies.ts';
import { oauthRoutes } from './oauth.ts';
import { sendAnswer } from './send.ts';
import { uapiRoutes } from './uapi.ts';

/** KIS's own paths, for clients that know nothing of a gateway: with its shapes, its statuses, its headers, its mistakes. */
export async function dropIn(
  app: FastifyInstance,
  options: {
    readonly accounts: Accounts;
    readonly isKey: IsKey;
    readonly needsKey: boolean;
    readonly onFailure: (account: string, trId: string, error: unknown) => void;
  },
): Promise<void> {
  // They are KIS's to document.
  app.addHook('onRoute', (route) => {
    route.schema = { ...route.schema, hide: true };
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  const refuse = (url: string) => (url.startsWith('/oauth2') ? oauthRefusal('EGW00202') : uapiRefusal('OPSQ0002'));
  app.setErrorHandler((error, request, reply) => {
    const { status } = describeError(error);
    if (status >= 500) request.log.error({ err: error }, 'a relayed call failed');
    const isOauth = request.url.startsWith('/oauth2');
    // Such as a body that is too large: KIS's word for whatever it cannot read.
    return sendAnswer(reply, { ...(isOauth ? oauthRefusal : uapiRefusal)(status >= 500 ? 'EGW00002' : 'EGW00101') });
  });
  app.all('/oauth2/*', (request, reply) => sendAnswer(reply, { ...refuse(request.url), status: 404 }));
  oauthRoutes(app, options);
  uapiRoutes(app, options);
}
