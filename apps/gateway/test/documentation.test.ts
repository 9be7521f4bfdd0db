import { Check } from 'typebox/schema';
import { describe, expect, test } from 'vitest';
import { type Stage, startGateway } from './harness.ts';

type Schema = Record<string, unknown>;

/** The schema of what a route answers with a status, by its OpenAPI document. */
async function answerOf({ app }: Stage, path: string, status: string, type: string, method = 'get'): Promise<Schema> {
  const { paths } = (await app.inject('/docs/json')).json();
  return paths[path][method].responses[status].content[type].schema;
}

/** The same schema, for nothing but what it names. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner: Schema = Object.fromEntries(Object.entries(schema).map(([name, it]) => [name, closed(it)]));
  return inner.type === 'object' ? { ...inner, additionalProperties: false } : inner;
}

const isTold = (schema: Schema, body: unknown) => Check(closed(schema) as Schema, body);

describe('the OpenAPI document', () => {
  test('tells what health is answered with, be it good or bad', async () => {
    const stage = await startGateway();
    const { app } = stage;
    const json = 'application/json';
    const alive = (await app.inject('/healthz')).json();
    expect(isTold(await answerOf(stage, '/healthz', '200', json), alive)).toBe(true);
    for (const status of ['503', '200']) {
      const reply = await app.inject('/readyz');
      expect(String(reply.statusCode)).toBe(status);
      expect(isTold(await answerOf(stage, '/readyz', status, json), reply.json())).toBe(true);
      const token = (await app.inject('/token/status')).json();
      expect(isTold(await answerOf(stage, '/token/status', '200', json), token)).toBe(true);
      await app.inject('/v1/quotes/005930');
    }
    const { paths } = (await app.inject('/docs/json')).json();
    expect(paths['/token/status'].get.parameters).toMatchObject([{ in: 'query', name: 'account', required: false }]);
  });

  test('tells what each line of many quotes may be, and that there may be a problem in their place', async () => {
    const stage = await startGateway();
    const line = await answerOf(stage, '/v1/quotes', '200', 'application/x-ndjson', 'post');
    const codes = ['005930', '999999'];
    const { payload } = await stage.app.inject({ method: 'POST', url: '/v1/quotes', payload: { codes } });
    const lines = payload.trim().split('\n');
    expect(lines).toHaveLength(4);
    for (const text of lines) expect([text, isTold(line, JSON.parse(text))]).toEqual([text, true]);
    expect(isTold(line, { type: 'quote' })).toBe(false);
    const [refused, failed] = await Promise.all(
      ['4XX', '5XX'].map((status) => answerOf(stage, '/v1/quotes', status, 'application/problem+json', 'post')),
    );
    const problem = (await stage.app.inject({ method: 'POST', url: '/v1/quotes', payload: {} })).json();
    expect([isTold(refused ?? {}, problem), failed]).toEqual([true, refused]);
  });
});
