import type { FastifyInstance } from 'fastify';
import type { Accounts } from '../accounts/accounts.ts';
import { manyQuoteRoutes } from './many-quotes.ts';
import type { V1Options } from './options.ts';
import { overseasRoutes } from './overseas.ts';
import { quoteRoutes } from './quotes.ts';

/** The typed routes below `/v1`. */
export async function v1Routes(app: FastifyInstance, { accounts }: { readonly accounts: Accounts }): Promise<void> {
  const options: V1Options = {
    accountOf(name) {
      const account = accounts.byName(name);
      if (account === undefined) throw Object.assign(new Error('There is no such account'), { statusCode: 404 });
      return account;
    },
  };
  await app.register(quoteRoutes, options);
  await app.register(manyQuoteRoutes, options);
  await app.register(overseasRoutes, options);
}
