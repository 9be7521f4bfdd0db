import { createKisClientFromEnv } from '@kis/client';
import { createMemoryStorage } from '@kis/token-core';
import type { Faults } from './faults.ts';
import type { Env } from './variables.ts';

/** What the client itself does not take of its variables. It asks KIS nothing before its first call. */
export async function findClientFaults(envs: readonly Env[], faults: Faults): Promise<void> {
  for (const env of envs) {
    try {
      const keys = { appKey: 'checked', appSecret: 'checked' };
      const client = await createKisClientFromEnv({ ...keys, env, cache: true, storage: createMemoryStorage() });
      await client.close();
    } catch (error) {
      const { message } = error as Error;
      for (const fault of message.replace(/^client: (?:the environment is not usable: )?/, '').split('; ')) {
        faults.add(fault, 'Correct it, or leave it out for its default');
      }
    }
  }
}
