import { createTokenManager } from '@kis/token-core';
import { createFileStorage } from '../src/index.ts';

/** How often a process that comes to `directory` now asks KIS for a token within half a second. */
export async function countQuestions(directory: string): Promise<number> {
  let asked = 0;
  const manager = createTokenManager({
    appKey: 'PSTESTTESTTESTTESTTESTTESTTESTTEST01',
    appSecret: 'testsecret+/='.repeat(13),
    environment: 'real',
    storage: createFileStorage({ directory }),
    issuer: {
      timeoutMs: 1_000,
      async issue() {
        asked += 1;
        throw new Error('Nobody is to ask');
      },
    },
  });
  await manager.getToken({ signal: AbortSignal.timeout(500) }).catch(() => undefined);
  await manager.close();
  return asked;
}
