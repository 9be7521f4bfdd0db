import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { AccountQuery, answers } from '../http/schemas.ts';
import type { V1Options } from './options.ts';
import { Chart, Code, Ipos, OrderBook, Price, StockInfo } from './schemas.ts';

const CodeParams = Type.Object({ code: Code });

const FreshQuery = Type.Object({
  ...AccountQuery.properties,
  fresh: Type.Optional(Type.Boolean({ description: 'Asks KIS whatever is kept' })),
});

const periods = ['day', 'week', 'month', '1m', '5m', '30m'] as const;

const ChartQuery = Type.Object({
  ...FreshQuery.properties,
  period: Type.Enum([...periods], { default: 'day' }),
  count: Type.Integer({ minimum: 1, maximum: 2_000, default: 100 }),
});

const Day = Type.String({ pattern: '^\\d{8}$', examples: ['20261201'] });

const IpoQuery = Type.Object({
  ...AccountQuery.properties,
  from: Day,
  to: Day,
  code: Type.Optional(Type.String({ pattern: '^[0-9A-Z]{6,9}$' })),
});

const reads = [
  ['/quotes/:code', 'getCurrentPrice', 'The current price', Price],
  ['/order-books/:code', 'getOrderBook', 'What is bid and asked', OrderBook],
  ['/stocks/:code', 'getStockInfo', 'What a stock is', StockInfo],
] as const;

/** Market data of Korea: as the client gives it, without KIS's raw answer. */
export const quoteRoutes: FastifyPluginAsyncTypebox<V1Options> = async (app, { accounts, signalOf }) => {
  const tags = ['quotes'];

  for (const [path, method, summary, answer] of reads) {
    app.get(
      path,
      { schema: { tags, summary, params: CodeParams, querystring: FreshQuery, response: answers(answer) } },
      async ({ params: { code }, query: { account: name, fresh } }, reply) =>
        accounts.byName(name).client[method](code, { fresh, signal: signalOf(reply) }),
    );
  }

  app.get(
    '/charts/:code',
    {
      schema: {
        tags,
        summary: 'Candles, newest first',
        params: CodeParams,
        querystring: ChartQuery,
        response: answers(Chart),
      },
    },
    async ({ params: { code }, query: { account: name, period, count, fresh } }, reply) => {
      const options = { period, count, fresh, signal: signalOf(reply) };
      return { code, period, candles: await accounts.byName(name).client.getChart(code, options) };
    },
  );

  app.get(
    '/ipos',
    {
      schema: {
        tags,
        summary: 'Shares that are offered before they are listed',
        querystring: IpoQuery,
        response: answers(Ipos),
      },
    },
    async ({ query: { account: name, from, to, code } }, reply) => {
      const ipos = await accounts.byName(name).client.getIpoSchedule({ from, to, code, signal: signalOf(reply) });
      return { ipos: ipos.map(({ leadManagers, ...ipo }) => ({ ...ipo, leadManagers: [...leadManagers] })) };
    },
  );
};
