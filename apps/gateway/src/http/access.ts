import type { FastifyInstance, FastifyRequest } from 'fastify';
import { sendProblem } from './errors.ts';
import { isOurHost } from './host-header.ts';
import { bearsKey, type IsKey } from './keys.ts';
import { isFromOtherSite } from './other-site.ts';
import { createProblem, type Problem } from './problem.ts';

/** Whoever calls by a name that is not ours is turned away, whatever is asked for. */
export function checkHosts(app: FastifyInstance, hostNames: readonly string[]): void {
  const names = hostNames.map((name) => name.toLowerCase());
  const detail = 'The Host header names another server; GATEWAY_HOST_NAMES adds names to this one';
  const problem = createProblem(421, 'ERR_GATEWAY_HOST', detail);
  refuse(app, problem, ({ headers }) => !isOurHost(headers.host, names));
}

/** A page of a stranger is not to have a browser ask: on its own host the gateway wants no key. */
export function refuseOtherSites(app: FastifyInstance): void {
  const detail = 'A page of another site asks; only those of the gateway itself may';
  const problem = createProblem(403, 'ERR_GATEWAY_SITE', detail);
  refuse(app, problem, ({ raw, headers }) => isFromOtherSite(raw.url ?? '', headers));
}

/** All routes of `app` need the key. */
export function needKey(app: FastifyInstance, isKey: IsKey): void {
  const problem = createProblem(
    401,
    'ERR_GATEWAY_KEY',
    'Send GATEWAY_API_KEY in the header x-api-key, or as Authorization: Bearer',
  );
  refuse(app, problem, (request) => !bearsKey(request, isKey));
}

/** Who comes while the gateway ends: by a new call on a connection that is still open. Health is told to the last. */
export function turnAway(app: FastifyInstance, ending: AbortSignal, error: Error): void {
  app.addHook('onRequest', (request, _, done) => {
    const isHealth = ['/healthz', '/readyz'].includes(request.routeOptions.url ?? '');
    done(ending.aborted && !isHealth ? error : undefined);
  });
}

function refuse(app: FastifyInstance, problem: Problem, isRefused: (request: FastifyRequest) => boolean): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (!isRefused(request)) done();
    else sendProblem(reply, problem);
  });
}
