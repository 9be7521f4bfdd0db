import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { answers } from './answers.ts';
import type { V1Options } from './options.ts';
import { AccountName, OverseasChart, OverseasPrice } from './schemas.ts';

const exchanges = ['NAS', 'NYS', 'AMS', 'HKS', 'TSE', 'SHS', 'SZS', 'HSX', 'HNX'] as const;
const periods = ['day', 'week', 'month', '1m', '2m', '3m', '5m', '10m', '15m', '30m', '60m'] as const;

const Params = Type.Object({
  exchange: Type.Enum([...exchanges]),
  symbol: Type.String({ pattern: '^[0-9A-Z./-]{1,16}$', examples: ['AAPL'] }),
});

const PriceQuery = Type.Object({ account: AccountName });

const ChartQuery = Type.Object({
  account: AccountName,
  period: Type.Enum([...periods], { default: 'day' }),
  count: Type.Integer({ minimum: 1, maximum: 2_000, default: 100 }),
});

/** Market data from abroad. */
export const overseasRoutes: FastifyPluginAsyncTypebox<V1Options> = async (app, { accountOf, signalOf }) => {
  const tags = ['overseas'];

  app.get(
    '/overseas/quotes/:exchange/:symbol',
    {
      schema: {
        tags,
        summary: 'The current price',
        params: Params,
        querystring: PriceQuery,
        response: answers(OverseasPrice),
      },
    },
    async ({ params, query: { account: name } }, reply) => {
      const stock = { exchange: params.exchange, symbol: params.symbol };
      return accountOf(name).client.getOverseasPrice(stock, { signal: signalOf(reply) });
    },
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
      const { exchange, symbol } = params;
      const options = { period, count, signal: signalOf(reply) };
      const candles = await accountOf(name).client.getOverseasChart({ exchange, symbol }, options);
      return { exchange, symbol, period, candles };
    },
  );
};
