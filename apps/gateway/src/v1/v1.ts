import type { FastifyInstance } from 'fastify';
import type { Accounts } from '../accounts/accounts.ts';
import type { SignalOf } from '../http/callers.ts';
import { manyQuoteRoutes } from './many-quotes.ts';
import type { V1Options } from './options.ts';
import { overseasRoutes } from './overseas.ts';
import { quoteRoutes } from './quotes.ts';

/** The typed routes below `/v1`. */
export async function v1Routes(
  app: FastifyInstance,
  { accounts, signalOf }: { readonly accounts: Accounts; readonly signalOf: SignalOf },
): Promise<void> {
  const options: V1Options = {
    signalOf,
    accountOf: (name) => accounts.byName(name),
  };
  await app.register(quoteRoutes, options);
  await app.register(manyQuoteRoutes, options);
  await app.register(overseasRoutes, options);
}
