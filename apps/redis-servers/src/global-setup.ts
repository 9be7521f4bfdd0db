import { needProgram, redisNames } from './program.ts';

/** Once before all tests, so that not every worker installs it. A host that cannot is told so by the tests that need it. */
export default async function setup(): Promise<void> {
  await needProgram(redisNames).catch(() => undefined);
}
