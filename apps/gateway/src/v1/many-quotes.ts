import { Readable } from 'node:stream';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { BatchItem, CurrentPrice } from '@kis/client';
import { type Static, Type } from 'typebox';
import type { Account } from '../accounts/account.ts';
import { problemOf } from '../http/problem.ts';
import { AccountQuery, answers } from '../http/schemas.ts';
import type { V1Options } from './options.ts';
import { Line } from './schemas.ts';

const Body = Type.Object({
  codes: Type.Array(Type.String({ maxLength: 20 }), { minItems: 1, maxItems: 5_000, examples: [['005930', '000660']] }),
  withName: Type.Optional(Type.Boolean()),
});

/** Once for so many codes progress is told. */
const PER_PROGRESS = 30;

/** `POST /v1/quotes`: many prices as lines of JSON, each as soon as it is there. */
export const manyQuoteRoutes: FastifyPluginAsyncTypebox<V1Options> = async (app, { accounts, signalOf }) => {
  app.post(
    '/quotes',
    {
      schema: {
        tags: ['quotes'],
        summary: 'Many prices, as NDJSON with progress',
        description: 'Each as soon as it is there, and an `end`, with `stoppedBy` where not all was done.',
        querystring: AccountQuery,
        body: Body,
        response: answers({
          description: 'One of these a line',
          content: { 'application/x-ndjson': { schema: Line } },
        }),
      },
    },
    async ({ body, query: { account: name } }, reply) => {
      const lines = linesOf(accounts.byName(name), body, {
        signal: signalOf(reply),
        isGone: () => reply.raw.destroyed,
      });
      return reply.type('application/x-ndjson; charset=utf-8').send(Readable.from(lines, { objectMode: false }));
    },
  );
};

async function* linesOf(
  { client }: Account,
  { codes, withName }: Static<typeof Body>,
  { signal, isGone }: { readonly signal: AbortSignal; readonly isGone: () => boolean },
): AsyncGenerator<string> {
  const startedMs = performance.now();
  const wanted = [...new Set(codes)];
  const count = { succeeded: 0, failed: 0 };
  const progress = () => line('progress', { completed: count.succeeded + count.failed, total: wanted.length });
  let stoppedBy: object | undefined;
  yield progress();
  try {
    for await (const item of client.streamCurrentPrices(wanted, { signal, withName })) {
      count[item.error === undefined ? 'succeeded' : 'failed'] += 1;
      yield lineOf(item);
      if ((count.succeeded + count.failed) % PER_PROGRESS === 0) yield progress();
    }
  } catch (error) {
    if (isGone()) return;
    stoppedBy = problemOf(error);
  }
  const durationMs = Math.round(performance.now() - startedMs);
  yield line('end', { total: wanted.length, ...count, durationMs, stoppedBy });
}

function lineOf({ code, value, error }: BatchItem<CurrentPrice>): string {
  if (value === undefined) return line('problem', { stockCode: code, problem: problemOf(error) });
  const { raw, ...quote } = value;
  return line('quote', quote);
}

function line(type: string, data: object): string {
  return `${JSON.stringify({ type, ...data })}\n`;
}
