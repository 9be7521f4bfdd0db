import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Page } from './page.ts';

/** Everything from here, nothing inline, and nobody's frame. */
const headers = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

/**
 * The dashboard at `/`, which `load` may have to build first: those wait who ask for it meanwhile, and nothing else does.
 * Where that fails they are told, and the next one has it tried again.
 */
export async function servePage(app: FastifyInstance, { load }: { readonly load: () => Promise<Page> }): Promise<void> {
  let page: Promise<Page> | undefined;

  function once(): Promise<Page> {
    page ??= load().catch((error) => {
      page = undefined;
      throw error;
    });
    return page;
  }

  async function send(name: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const file = (await once()).get(name);
    reply.headers(headers);
    if (file === undefined) return reply.code(404).type('text/plain').send('Not found\n');
    // Vite puts a hash into the names of what it made, and of nothing else.
    const isForever = name.startsWith('assets/');
    reply.header('etag', file.etag);
    reply.header('cache-control', isForever ? 'public, max-age=31536000, immutable' : 'no-cache');
    if (request.headers['if-none-match'] === file.etag) return reply.code(304).send();
    return reply.type(file.type).send(file.body);
  }

  const schema = { hide: true };
  app.get('/', { schema }, (request, reply) => send('', request, reply));
  for (const name of ['early.js', 'favicon.svg']) {
    app.get(`/${name}`, { schema }, (request, reply) => send(name, request, reply));
  }
  app.get<{ Params: { file: string } }>('/assets/:file', { schema }, (request, reply) =>
    send(`assets/${request.params.file}`, request, reply),
  );
}
