import { dirname } from 'node:path';
import type { Faults } from './faults.ts';
import { createSecret, type Secret } from './secret.ts';
import { tellDifferent, type Variables } from './variables.ts';

/** Where the tokens are kept, and with whom the budget is shared. In memory, where KIS is played, it is with nobody. */
export type StorageConfig = FileConfig | RedisConfig | { readonly kind: 'memory' };

export interface FileConfig {
  readonly kind: 'file';
  /** A token file of one's own choosing. */
  readonly path?: string | undefined;
  /** Where the versions stand, beside `path` where that is given; undefined: where `@kis/storage-file` puts them. */
  readonly directory?: string | undefined;
  /** 32 bytes in base64. */
  readonly encryptionKey?: Secret | undefined;
}

export interface RedisConfig {
  readonly kind: 'redis';
  /** A password may be in it. */
  readonly url: Secret;
  readonly password?: Secret | undefined;
}

export function readStorage(variables: Variables, accountCount: number, faults: Faults): StorageConfig {
  const { name, value: kind = 'file' } = variables.either('KOREA_INVESTMENT_TOKEN_STORAGE', 'KIS_TOKEN_STORAGE');
  if (kind === 'redis') return readRedis(variables, faults);
  if (kind !== 'file') {
    // Not shown: the URL of a Redis, which is easily put here, may have its password in it.
    faults.add(`${name} is neither file nor redis`, 'Correct it, or leave it out for file');
  }
  const encryptionKey = variables.secret(
    'KIS_TOKEN_ENCRYPTION_KEY',
    (value) => (isKey(value) ? undefined : 'is not 32 bytes in base64'),
    'Make one with `openssl rand -base64 32`',
  );
  const { value } = variables.either('KIS_TOKEN_FILE_PATH', 'KOREA_INVESTMENT_TOKEN_FILE');
  if (value === undefined) return { kind: 'file', encryptionKey };
  // A token file is a copy of one token; of several accounts each has versions of its own beside it.
  const path = accountCount > 1 ? undefined : value;
  return { kind: 'file', path, directory: value.endsWith('/') ? value : dirname(value), encryptionKey };
}

export function readRedis(variables: Variables, faults: Faults): RedisConfig {
  const { name, value: url = 'redis://localhost:6379/0' } = variables.either(
    'KOREA_INVESTMENT_REDIS_URL',
    'KIS_REDIS_URL',
  );
  if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol)) {
    faults.add(`${name} is no redis:// or rediss:// URL`, 'Write redis://host:6379/0');
  }
  const [first, second] = ['KOREA_INVESTMENT_REDIS_PASSWORD', 'KIS_REDIS_PASSWORD'] as const;
  const [password, other] = [first, second].map((it) => variables.secret(it, () => undefined, 'Correct it'));
  if (password !== undefined && other !== undefined && password.reveal() !== other.reveal()) {
    tellDifferent(first, second, faults);
  }
  return { kind: 'redis', url: createSecret(url), password: password ?? other };
}

/** Node skips whatever is no base64. */
function isKey(value: string): boolean {
  const bytes = Buffer.from(value, 'base64');
  return bytes.length === 32 && bytes.toString('base64') === value;
}
