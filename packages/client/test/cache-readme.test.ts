import { readFile } from 'node:fs/promises';
import { createMemoryStorage } from '@kis/token-core';
import { Keyv } from 'keyv';
import { expect, test } from 'vitest';
import { createKisClient, createKisClientFromEnv } from '../src/index.ts';
import { appKey, appSecret } from './harness.ts';
import { startTimeline } from './timeline.ts';

test("the README's examples of the cache run", async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const [, section = ''] = /^## Cache\n(.*?)^## /ms.exec(readme) ?? [];
  const examples = [...section.matchAll(/```ts\n(.*?)```/gs)].map(([, example = '']) => example);
  expect(examples).toHaveLength(3);

  const { client, clock, fake, play } = startTimeline({}, { cache: true });
  const options = { appKey, appSecret, environment: 'real', dispatcher: fake.dispatcher, clock } as const;
  const lines: string[] = [];
  const given = {
    createKisClient,
    createKisClientFromEnv: (overrides: object) =>
      createKisClientFromEnv({ ...options, storage: createMemoryStorage(), env: {}, ...overrides }),
    options,
    Keyv,
    // No Redis, and not needed: nothing is read.
    KeyvRedis: Map.bind(undefined, []),
    readWatchlist: () => [],
    console: { log: (...parts: readonly unknown[]) => lines.push(JSON.stringify(parts)) },
  };
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
  const run = (example: string, more: object = {}) => {
    const all = { ...given, ...more };
    return play(AsyncFunction(...Object.keys(all), example.replaceAll(/^import .*\n/gm, ''))(...Object.values(all)));
  };
  const [first = '', redis = '', daily = ''] = examples;
  await run(first);
  expect(lines).toEqual([expect.stringMatching(/^\[\{"succeeded":2,"failed":0\},\d{13},null\]$/)]);
  expect(fake.log().calls).toBe(3);
  await run(`${redis}await client.close();`);
  await run(daily, { client });
});
