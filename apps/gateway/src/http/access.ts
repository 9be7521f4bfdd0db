import type { FastifyInstance } from 'fastify';
import { isOurHost } from './host-header.ts';
import { bearsKey, type IsKey } from './keys.ts';
import { createProblem, PROBLEM_TYPE } from './problem.ts';

/** Whoever calls by a name that is not ours is turned away, whatever is asked for. */
export function checkHosts(app: FastifyInstance, hostNames: readonly string[]): void {
  const names = hostNames.map((name) => name.toLowerCase());
  app.addHook('onRequest', async (request, reply) => {
    if (isOurHost(request.headers.host, names)) return;
    const detail = 'The Host header names another server; GATEWAY_HOST_NAMES adds names to this one';
    await reply
      .code(421)
      .type(PROBLEM_TYPE)
      .send(createProblem(421, 'ERR_GATEWAY_HOST', detail));
  });
}

/** All routes of `app` need the key. */
export function needKey(app: FastifyInstance, isKey: IsKey): void {
  app.addHook('onRequest', async (request, reply) => {
    if (bearsKey(request, isKey)) return;
    const detail = 'Send GATEWAY_API_KEY in the header x-api-key';
    await reply
      .code(401)
      .type(PROBLEM_TYPE)
      .send(createProblem(401, 'ERR_GATEWAY_KEY', detail));
  });
}
