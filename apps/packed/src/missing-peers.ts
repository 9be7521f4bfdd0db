import type { Consumer } from './consumer.ts';
import type { NodeRelease } from './nodes.ts';
import { optionalPeersOf } from './packages.ts';
import { run } from './run.ts';

const clientEnv = `{ KIS_APP_KEY: 'PS${'A'.repeat(34)}', KIS_APP_SECRET: 'testsecret+/='.repeat(13) }`;

/** By package and peer, what asks for the peer first. */
const asks: Readonly<Record<string, string>> = {
  '@kis/client, @kis/storage-file': `const { createKisClientFromEnv } = require('@kis/client');
    await createKisClientFromEnv({ env: ${clientEnv} });`,
  '@kis/client, @kis/storage-redis': `const { createKisClientFromEnv } = require('@kis/client');
    await createKisClientFromEnv({ env: { ...${clientEnv}, KIS_TOKEN_STORAGE: 'redis' } });`,
  '@kis/data-source, @kis/client': `await require('@kis/data-source').createDataSource({ type: 'kis' });`,
  '@kis/data-source, @kis/krx': `const { createDataSource } = require('@kis/data-source');
    await createDataSource({ type: 'krx', env: { KRX_API_KEY: 'testsecret+/=' } });`,
  '@kis/data-source, @kis/mock': `await require('@kis/data-source').createDataSource({ type: 'mock' });`,
  '@kis/mock, msw': `const { createFakeKis } = require('@kis/mock');
    require('@kis/mock/msw').kisHandlers(createFakeKis());`,
  '@kis/ratelimit, ioredis': `const { createRedisRateLimiter } = require('@kis/ratelimit/redis');
    createRedisRateLimiter({ limit: 1, budget: 'packed' });`,
  '@kis/redis-connection, ioredis': `require('@kis/redis-connection').createRedisConnection();`,
  '@kis/storage-redis, ioredis': `require('@kis/storage-redis').createRedisStorage();`,
};

/** Asks for each optional peer in a folder that has none: one line has to say what to install. */
export async function askForMissingPeers({ folder, subjects }: Consumer, node: NodeRelease): Promise<string[]> {
  const answers: string[] = [];
  for (const packed of subjects) {
    for (const peer of optionalPeersOf(packed)) {
      const ask = asks[`${packed.name}, ${peer}`];
      if (ask === undefined) throw new Error(`missing-peers.ts does not know how ${packed.name} asks for ${peer}`);
      const program = `(async () => { ${ask} })().then(() => '', ({ message }) => message).then(console.log)`;
      const message = (await run(node.path, ['-e', program], { cwd: folder })).trimEnd();
      if (!new RegExp(`^.*npm install (?:--save-dev )?${peer}$`).test(message)) {
        throw new Error(`without ${peer}, ${packed.name} says ${JSON.stringify(message)}`);
      }
      answers.push(message);
    }
  }
  return answers;
}
