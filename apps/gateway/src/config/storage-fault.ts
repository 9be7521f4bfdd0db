import { createStorage } from '../accounts/storage.ts';
import type { Faults } from './faults.ts';
import type { StorageConfig } from './storage-config.ts';
import type { Variables } from './variables.ts';

/** A directory that takes no token would cost one at every start. A Redis that is away may be back in a moment. */
export async function findStorageFault(config: StorageConfig, variables: Variables, faults: Faults): Promise<void> {
  if (config.kind === 'redis') return;
  try {
    const storage = await createStorage(config);
    await storage.check().finally(() => storage.close());
  } catch (error) {
    const text = (error as Error).message.replace(/^storage-file: /, '');
    const [, what = text, remedy = 'see to it'] = /^(.*): ([^:]*)$/s.exec(text) ?? [];
    const { name } = variables.either('KIS_TOKEN_FILE_PATH', 'KOREA_INVESTMENT_TOKEN_FILE');
    faults.add(`${name}: ${what}`, `${remedy[0]?.toUpperCase()}${remedy.slice(1)}`);
  }
}
