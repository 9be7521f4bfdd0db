import { createTokenManager, type Token } from '@kis/token-core';
import { compare } from './compare.ts';

const token = (): Token => ({
  value: 'x'.repeat(350),
  issuedAtMs: Date.now(),
  expiresAtMs: Date.now() + 86_400_000,
});

export async function benchTokens(): Promise<void> {
  let issues = 0;
  const manager = () =>
    createTokenManager({
      appKey: 'PSBENCHBENCHBENCHBENCHBENCHBENCHBE01',
      appSecret: 'benchsecret',
      environment: 'real',
      issuer: {
        timeoutMs: 1_000,
        issue: async () => {
          issues += 1;
          return { token: token() };
        },
      },
    });

  const cold = manager();
  await Promise.all(Array.from({ length: 100 }, () => cold.getToken()));
  console.log(`100 callers on an empty store: ${issues} issue`);

  const bareToken = token();
  const bare = async (): Promise<Token> => bareToken;
  const medians = await compare('a call that finds the token at hand', 'ns', [
    { name: 'bare async call', run: async () => await bare() },
    { name: 'getToken()', run: async () => await cold.getToken() },
  ]);
  const over = (medians.get('getToken()') ?? 0) - (medians.get('bare async call') ?? 0);
  console.log(`  getToken() costs ${over.toFixed(0)} ns over a bare async call (bar: 120)`);
  await cold.close();
}
