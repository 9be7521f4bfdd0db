import type { FastifyInstance } from 'fastify';
import { manyQuoteRoutes } from './many-quotes.ts';
import type { V1Options } from './options.ts';
import { overseasRoutes } from './overseas.ts';
import { quoteRoutes } from './quotes.ts';

/** The typed routes below `/v1`. */
export async function v1Routes(app: FastifyInstance, { accounts, signalOf }: V1Options): Promise<void> {
  // Without the prefix, which these have already.
  for (const routes of [quoteRoutes, manyQuoteRoutes, overseasRoutes])
    await app.register(routes, { accounts, signalOf });
}
