import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { AccountQuery, answers } from '../http/schemas.ts';
import type { V1Options } from './options.ts';
import { OverseasChart, OverseasPrice } from './schemas.ts';

const exchanges = ['NAS', 'NYS', 'AMS', 'HKS', 'TSE', 'SHS', 'SZS', 'HSX', 'HNX'] as const;
const periods = ['day', 'week', 'month', '1m', '2m', '3m', '5m', '10m', '15m', '30m', '60m'] as const;

const Params = Type.Object({
  exchange: Type.Enum([...exchanges]),
  symbol: Type.String({ pattern: '^[0-9A-Z./-]{1,16}$', examples: ['AAPL'] }),
});

const ChartQuery = Type.Object({
  ...AccountQuery.properties,
  period: Type.Enum([...periods], { default: 'day' }),
  count: Type.Integer({ minimum: 1, maximum: 2_000, default: 100 }),
});

/** Market data from abroad. */
export const overseasRoutes: FastifyPluginAsyncTypebox<V1Options> = async (app, { accounts, signalOf }) => {
  const tags = ['overseas'];

  app.get(
    '/overseas/quotes/:exchange/:symbol',
    {
      schema: {
        tags,
        summary: 'The current price',
        params: Params,
        querystring: AccountQuery,
        response: answers(OverseasPrice),
      },
    },
    async ({ params, query: { account: name } }, reply) =>
      accounts.byName(name).client.getOverseasPrice(params, { signal: signalOf(reply) }),
  );

  app.get(
    '/overseas/charts/:exchange/:symbol',
    {
      schema: {
        tags,
        summary: 'Candles, newest first',
        params: Params,
        querystring: ChartQuery,
        response: answers(OverseasChart),
      },
    },
    async ({ params, query: { account: name, period, count } }, reply) => {
      const options = { period, count, signal: signalOf(reply) };
      return { ...params, period, candles: await accounts.byName(name).client.getOverseasChart(params, options) };
    },
  );
};
