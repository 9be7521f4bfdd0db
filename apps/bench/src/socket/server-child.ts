import { startMockServer } from '@kis/mock';
import { beChild } from '../in-child.ts';

await beChild<string>(async () => {
  // A new client of each round needs a token at once.
  const { url } = await startMockServer({ limit: 18, latencyMs: 40, jitterMs: 30, issueIntervalMs: 0 });
  return async () => url;
});
