import type { Faults } from './faults.ts';
import type { FileConfig, RedisConfig, StorageConfig } from './storage-config.ts';
import { readRedis } from './storage-config.ts';
import type { Variables } from './variables.ts';

/** With whom the rate budget is shared: the processes of this host by a file, those of other hosts by Redis, or nobody. */
export type ShareConfig = {
  /** Of all accounts that name no other; undefined: each app key has its own. */
  readonly budget?: string | undefined;
} & ({ readonly kind: 'none' } | Pick<FileConfig, 'kind' | 'directory'> | RedisConfig);

/** A name as `@kis/ratelimit` takes it. */
export function isBudget(name: string): boolean {
  return /^[a-z0-9-]{1,120}$/.test(name);
}

/** As the token is shared, unless told otherwise. */
export function readShare(variables: Variables, storage: StorageConfig, faults: Faults): ShareConfig {
  const kind = variables.text('KIS_API_RATE_LIMIT_SHARE') ?? storage.kind;
  const budget = variables.text('KIS_API_RATE_LIMIT_BUDGET');
  if (budget !== undefined && !isBudget(budget)) {
    faults.add(
      'KIS_API_RATE_LIMIT_BUDGET is not 1 to 120 small letters, digits and hyphens',
      'Correct it, or leave it out',
    );
  }
  if (kind === 'none') return { kind, budget };
  if (kind === 'redis') return { ...(storage.kind === 'redis' ? storage : readRedis(variables, faults)), budget };
  if (kind !== 'file') {
    faults.add('KIS_API_RATE_LIMIT_SHARE is neither file, redis nor none', 'Correct it, or leave it out');
  }
  return { kind: 'file', directory: storage.kind === 'file' ? storage.directory : undefined, budget };
}
