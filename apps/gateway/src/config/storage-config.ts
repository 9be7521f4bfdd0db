import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Faults } from './faults.ts';
import { createSecret, type Secret } from './secret.ts';
import type { Variables } from './variables.ts';

/** Where the tokens are kept, and with whom the budget is shared. */
export type StorageConfig = FileConfig | RedisConfig;

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
  const paths = ['KIS_TOKEN_FILE_PATH', 'KOREA_INVESTMENT_TOKEN_FILE'].map((name) => variables.text(name));
  const [first = paths[1], other = first] = paths;
  if (first !== other) {
    faults.add('KIS_TOKEN_FILE_PATH and KOREA_INVESTMENT_TOKEN_FILE name two files', 'Leave one of them out');
  }
  if (first === undefined) return { kind: 'file', encryptionKey };
  const expanded = first.startsWith('~/') ? join(homedir(), first.slice(2)) : first;
  // A token file is a copy of one token; of several accounts each has versions of its own beside it.
  const path = accountCount > 1 ? undefined : expanded;
  return { kind: 'file', path, directory: dirname(expanded), encryptionKey };
}

export function readRedis(variables: Variables, faults: Faults): RedisConfig {
  const { name, value: url = 'redis://localhost:6379/0' } = variables.either(
    'KOREA_INVESTMENT_REDIS_URL',
    'KIS_REDIS_URL',
  );
  if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol)) {
    faults.add(`${name} is no redis:// or rediss:// URL`, 'Write redis://host:6379/0');
  }
  const noFault = () => undefined;
  const password =
    variables.secret('KOREA_INVESTMENT_REDIS_PASSWORD', noFault, 'Mount it, or leave it out') ??
    variables.secret('KIS_REDIS_PASSWORD', noFault, 'Mount it, or leave it out');
  return { kind: 'redis', url: createSecret(url), password };
}

/** Node skips whatever is no base64. */
function isKey(value: string): boolean {
  const bytes = Buffer.from(value, 'base64');
  return bytes.length === 32 && bytes.toString('base64') === value;
}
