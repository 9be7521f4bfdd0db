import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { answers } from './answers.ts';
import type { V1Options } from './options.ts';
import { AccountName, Chart, Code, Ipos, OrderBook, Price, StockInfo } from './schemas.ts';

const CodeParams = Type.Object({ code: Code });

const FreshQuery = Type.Object({
  account: AccountName,
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
  account: AccountName,
  from: Day,
  to: Day,
  code: Type.Optional(Type.String({ pattern: '^[0-9A-Z]{6,9}$' })),
});

/** Market data of Korea: as the client gives it, without KIS's raw answer. */
export const quoteRoutes: FastifyPluginAsyncTypebox<V1Options> = async (app, { accountOf, signalOf }) => {
  const tags = ['quotes'];

  app.get(
    '/quotes/:code',
    {
      schema: {
        tags,
        summary: 'The current price',
        params: CodeParams,
        querystring: FreshQuery,
        response: answers(Price),
      },
    },
    async ({ params: { code }, query: { account: name, fresh } }, reply) => {
      return accountOf(name).client.getCurrentPrice(code, { fresh, signal: signalOf(reply) });
    },
  );

  app.get(
    '/order-books/:code',
    {
      schema: {
        tags,
        summary: 'What is bid and asked',
        params: CodeParams,
        querystring: FreshQuery,
        response: answers(OrderBook),
      },
    },
    async ({ params: { code }, query: { account: name, fresh } }, reply) => {
      return accountOf(name).client.getOrderBook(code, { fresh, signal: signalOf(reply) });
    },
  );

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
      return { code, period, candles: await accountOf(name).client.getChart(code, options) };
    },
  );

  app.get(
    '/stocks/:code',
    {
      schema: {
        tags,
        summary: 'What a stock is',
        params: CodeParams,
        querystring: FreshQuery,
        response: answers(StockInfo),
      },
    },
    async ({ params: { code }, query: { account: name, fresh } }, reply) => {
      return accountOf(name).client.getStockInfo(code, { fresh, signal: signalOf(reply) });
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
      const ipos = await accountOf(name).client.getIpoSchedule({ from, to, code, signal: signalOf(reply) });
      return { ipos: ipos.map(({ leadManagers, ...ipo }) => ({ ...ipo, leadManagers: [...leadManagers] })) };
    },
  );
};
