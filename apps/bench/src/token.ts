import { createTokenManager, type Token, type TokenManager } from '@kis/token-core';
import { compare, costOf } from './compare.ts';
import type { Table } from './table.ts';

const token = (): Token => ({
  value: 'x'.repeat(350),
  issuedAtMs: Date.now(),
  expiresAtMs: Date.now() + 86_400_000,
});

/** What a call costs that finds the token at hand, and how many issues 100 callers cost that find none. */
export async function benchTokens(): Promise<Table> {
  let issues = 0;
  const manager: TokenManager = createTokenManager({
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
  await Promise.all(Array.from({ length: 100 }, () => manager.getToken()));

  const bareToken = token();
  const bare = async (): Promise<Token> => bareToken;
  const { cost, table } = await compare('ns', [
    { name: 'bare async call', measure: () => costOf(async () => await bare()) },
    { name: 'getToken()', measure: () => costOf(async () => await manager.getToken()) },
  ]);
  await manager.close();
  const overNs = cost('getToken()') - cost('bare async call');
  return {
    title: 'Token: a call that finds it at hand',
    ...table,
    bars: [
      {
        promise: '`getToken()` costs at most 120 ns over a bare async call',
        seen: `${overNs.toFixed(0)} ns`,
        isMet: overNs <= 120,
      },
      {
        promise: '100 callers on an empty store cost 1 issue',
        seen: String(issues),
        isMet: issues === 1,
        isExact: true,
      },
    ],
  };
}
