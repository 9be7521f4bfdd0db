import { createTokenManager } from '@kis/token-core';
import { createFileStorage } from '../src/index.ts';

/** Claims the question in a pid namespace of its own, and never gets an answer. */

/** 20 s is beyond every test: what hangs is not left behind. */
setTimeout(() => process.exit(99), 20_000);

const manager = createTokenManager({
  appKey: 'PSTESTTESTTESTTESTTESTTESTTESTTEST01',
  appSecret: 'testsecret+/='.repeat(13),
  environment: 'real',
  storage: createFileStorage({ directory: process.argv[2] }),
  issuer: { timeoutMs: 20_000, issue: () => new Promise(() => {}) },
});
await manager.getToken();
