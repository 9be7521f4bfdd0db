import { createKisClientFromEnv } from '@kis/client';
import { createMemoryStorage } from '@kis/token-core';
import type { AccountConfig } from './accounts.ts';
import type { Faults } from './faults.ts';

/** What the client itself does not take of an account's variables. It asks KIS nothing before its first call. */
export async function findClientFaults(accounts: readonly AccountConfig[], faults: Faults): Promise<void> {
  const found = new Set<string>();
  for (const { env } of accounts) {
    try {
      const keys = { appKey: 'checked', appSecret: 'checked' };
      const client = await createKisClientFromEnv({ ...keys, env, cache: true, storage: createMemoryStorage() });
      await client.close();
    } catch (error) {
      const { message } = error as Error;
      for (const fault of message.replace(/^client: (?:the environment is not usable: )?/, '').split('; ')) {
        found.add(fault);
      }
    }
  }
  const known = faults.list.map(({ what }) => what.split(' ')[0]);
  for (const what of found) {
    if (!known.includes(what.split(' ')[0])) faults.add(what, 'Correct it, or leave it out for its default');
  }
}
