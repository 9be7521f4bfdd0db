import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Consumer } from './consumer.ts';
import type { NodeRelease } from './nodes.ts';
import { run } from './run.ts';

/** One process with everything twice, as happens where one dependency is ESM and another one CommonJS. */
const PROGRAM = `
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMockServer } from '@kis/mock';

const require = createRequire(import.meta.url);
const home = mkdtempSync(join(tmpdir(), 'kis-two-builds-'));
const server = await startMockServer();
const builds = [
  { ...(await import('@kis/client')), ...(await import('@kis/storage-file')) },
  { ...require('@kis/client'), ...require('@kis/storage-file') },
];
const prices = await Promise.all(
  builds.map(async ({ createKisClient, createFileStorage }) => {
    const storage = createFileStorage({ path: join(home, 'token.json') });
    const client = createKisClient({
      appKey: 'PS'.padEnd(36, 'A'),
      appSecret: 'testsecret+/='.repeat(13),
      environment: 'real',
      baseUrl: server.url,
      storage,
    });
    const { stockCode } = await client.getCurrentPrice('005930');
    await client.close();
    await storage.close();
    return stockCode;
  }),
);
const isTwice = builds[0].createKisClient !== builds[1].createKisClient;
console.log(JSON.stringify({ isTwice, prices, tokens: server.fake.log().tokenRequests }));
await server.close();
rmSync(home, { recursive: true });
`;

/** Both builds in one process read a quote each, and one token serves them. */
export async function loadTwoBuilds({ folder }: Consumer, node: NodeRelease): Promise<void> {
  writeFileSync(join(folder, 'two-builds.mjs'), PROGRAM);
  const reply = (await run(node.path, ['two-builds.mjs'], { cwd: folder })).trim();
  const expected = JSON.stringify({ isTwice: true, prices: ['005930', '005930'], tokens: 1 });
  if (reply !== expected) throw new Error(`two builds in one process: expected ${expected}, got ${reply}`);
}
