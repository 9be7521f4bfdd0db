import { createStorage } from '../accounts/storage.ts';
import type { Fault, Faults } from './faults.ts';
import type { StorageConfig } from './storage-config.ts';
import type { Variables } from './variables.ts';

/** A directory that takes no token would cost one at every start. A Redis that is away may be back in a moment. */
export async function findStorageFault(config: StorageConfig, variables: Variables, faults: Faults): Promise<void> {
  if (config.kind !== 'file') return;
  try {
    const storage = await createStorage(config);
    await storage.check().finally(() => storage.close());
  } catch (error) {
    const { what, remedy } = faultOf(error as Error);
    const { name } = variables.either('KIS_TOKEN_FILE_PATH', 'KOREA_INVESTMENT_TOKEN_FILE');
    faults.add(`${name}: ${what}`, remedy);
  }
}

/** The storage says itself, behind what the disk said, what helps; not so of what is set, whose variables it does not know. */
function faultOf(error: Error): Fault {
  const text = error.message.replace(/^storage-file: /, '');
  if (error instanceof RangeError) {
    return { what: text, remedy: 'Name a file, such as token.json in a directory of its own' };
  }
  if (error.cause instanceof Error) {
    const before = `(${error.cause.message})`;
    const end = text.indexOf(before) + before.length;
    const remedy = text.slice(end + ': '.length);
    return { what: text.slice(0, end), remedy: `${remedy[0]?.toUpperCase()}${remedy.slice(1)}` };
  }
  return { what: text, remedy: 'Set the KIS_TOKEN_ENCRYPTION_KEY of the others, or remove that file' };
}
