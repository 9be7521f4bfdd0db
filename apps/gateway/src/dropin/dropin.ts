import type { FastifyInstance } from 'fastify';
import { oauthRefusal } from './kis-replies.ts';
import { oauthRoutes } from './oauth.ts';
import type { DropInOptions } from './options.ts';
import { sendAnswer } from './send.ts';
import { uapiRoutes } from './uapi.ts';

/** KIS's own paths, for clients that know nothing of a gateway: with its shapes, its statuses, its headers, its mistakes. */
export async function dropIn(app: FastifyInstance, options: DropInOptions): Promise<void> {
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
