import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Faults } from './faults.ts';
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
  readonly encryptionKey?: string | undefined;
}

export interface RedisConfig {
  readonly kind: 'redis';
  readonly url: string;
  readonly password?: string | undefined;
}

export function readStorage(variables: Variables, accountCount: number, faults: Faults): StorageConfig {
  const kind = variables.text('KOREA_INVESTMENT_TOKEN_STORAGE') ?? variables.text('KIS_TOKEN_STORAGE') ?? 'file';
  if (kind === 'redis') return readRedis(variables, faults);
  if (kind !== 'file') {
    // Not shown: the URL of a Redis, which is easily put here, may have its password in it.
    faults.add('KOREA_INVESTMENT_TOKEN_STORAGE is neither file nor redis', 'Correct it, or leave it out for file');
  }
  const encryptionKey = variables.secret(
    'KIS_TOKEN_ENCRYPTION_KEY',
    (value) => (Buffer.from(value, 'base64').length === 32 ? undefined : 'is not 32 bytes in base64'),
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
  const url =
    variables.text('KOREA_INVESTMENT_REDIS_URL') ?? variables.text('KIS_REDIS_URL') ?? 'redis://localhost:6379/0';
  if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol)) {
    faults.add('KOREA_INVESTMENT_REDIS_URL is no redis:// or rediss:// URL', 'Write redis://host:6379/0');
  }
  const noFault = () => undefined;
  const password =
    variables.secret('KOREA_INVESTMENT_REDIS_PASSWORD', noFault, 'Mount it, or leave it out') ??
    variables.secret('KIS_REDIS_PASSWORD', noFault, 'Mount it, or leave it out');
  return { kind: 'redis', url, password };
}
