import type { KisEnvironment } from '@kis/token-core';
import { readEnvCache } from './cache/env-cache.ts';
import { readEnvPolicies } from './env-policies.ts';
import { type EnvRedis, readEnvRedis } from './env-redis.ts';
import { readEnvSecret } from './env-secret.ts';
import { type EnvShare, readEnvShare } from './env-share.ts';
import { expandHome, findHomeFault } from './home-path.ts';
import { findCredentialFault, isBaseUrl, type KisClientOptions } from './options.ts';

export type Env = Readonly<Record<string, string | undefined>>;

export interface EnvSettings extends Pick<KisClientOptions, 'rateLimiter' | 'breaker' | 'cache'> {
  readonly appKey: string;
  readonly appSecret: string;
  readonly environment: KisEnvironment;
  readonly baseUrl: string | undefined;
  readonly tokenFilePath: string | undefined;
  /** 32 bytes in base64. */
  readonly encryptionKey: string | undefined;
  /** Undefined: one was given. */
  readonly storage: string | undefined;
  readonly share: EnvShare;
  /** Where token or budget lie there. */
  readonly redis: EnvRedis | undefined;
}

/**
 * Reads the variables, and the files that those of secrets name with `_FILE` at their end. What is `given` counts more, and
 * is not looked for; nor is the origin of the other world. Blank is the same as not set.
 *
 * @throws TypeError that names every variable that is bad or missing, with no secret in it.
 */
export function readEnv(env: Env, given: Partial<KisClientOptions>): EnvSettings {
  const faults: string[] = [];
  const read = (name: string) => env[name]?.trim() || undefined;

  function readSecret(name: string, findFault: (value: string) => string | undefined): string | undefined {
    const secret = readEnvSecret(env, name, findFault);
    if (secret === undefined || 'value' in secret) return secret?.value;
    faults.push(secret.fault);
    return '';
  }

  function readCredential(name: string): string {
    const value = readSecret(name, findCredentialFault);
    if (value === undefined) faults.push(`${name} is missing`);
    return value ?? '';
  }

  function readBaseUrl(of: KisEnvironment): string | undefined {
    const name = of === 'real' ? 'KIS_API_BASE_URL_REAL' : 'KIS_API_BASE_URL_VIRTUAL';
    const value = read(name);
    if (value !== undefined && !isBaseUrl(value))
      faults.push(`${name} must be an http or https URL without credentials`);
    return value;
  }

  function readEnvironment(): KisEnvironment | undefined {
    const value = read('KIS_USE_VIRTUAL_SERVER') ?? 'true';
    if (/^(?:false|0|no|off)$/i.test(value)) return 'real';
    if (/^(?:true|1|yes|on)$/i.test(value)) return 'virtual';
    faults.push('KIS_USE_VIRTUAL_SERVER must be true or false');
    return undefined;
  }

  function readPath(name: string): string | undefined {
    const value = read(name);
    const fault = value === undefined ? undefined : findHomeFault(value);
    if (fault !== undefined) faults.push(`${name} ${fault}`);
    return value === undefined ? undefined : expandHome(value);
  }

  function readTokenFilePath(): string | undefined {
    const [path, otherPath] = ['KIS_TOKEN_FILE_PATH', 'KOREA_INVESTMENT_TOKEN_FILE'].map(readPath);
    if (path !== undefined && otherPath !== undefined && path !== otherPath) {
      faults.push('KIS_TOKEN_FILE_PATH and KOREA_INVESTMENT_TOKEN_FILE name two files');
    }
    return path ?? otherPath;
  }

  /** Of two names for one thing. What they say is not shown: a URL may have its password in it. */
  function readEither(name: string, otherName: string): string | undefined {
    const [value, otherValue] = [read(name), read(otherName)];
    if (value !== undefined && otherValue !== undefined && value !== otherValue) {
      faults.push(`${name} and ${otherName} differ`);
    }
    return value ?? otherValue;
  }

  function readStorage(): string {
    const value = readEither('KIS_TOKEN_STORAGE', 'KOREA_INVESTMENT_TOKEN_STORAGE') ?? 'file';
    if (value !== 'file' && value !== 'redis') {
      faults.push('KIS_TOKEN_STORAGE (or KOREA_INVESTMENT_TOKEN_STORAGE) must be file or redis');
    }
    return value;
  }

  const appKey = given.appKey ?? readCredential('KIS_APP_KEY');
  const appSecret = given.appSecret ?? readCredential('KIS_APP_SECRET');
  const environment = given.environment ?? readEnvironment();
  // Where the choice of the world is at fault, either may be meant.
  const worlds: readonly KisEnvironment[] = environment === undefined ? ['real', 'virtual'] : [environment];
  const [baseUrl] = given.baseUrl === undefined ? worlds.map(readBaseUrl) : [given.baseUrl];
  const hasStorage = given.storage !== undefined || given.tokens !== undefined;
  const storage = hasStorage ? undefined : readStorage();
  const tokenFilePath = hasStorage ? undefined : readTokenFilePath();
  const encryptionKey = storage === 'file' ? readSecret('KIS_TOKEN_ENCRYPTION_KEY', findKeyFault) : undefined;
  const policies = readEnvPolicies(read, given, faults);
  const share = readEnvShare(read, given.rateLimiter, storage, faults);
  const isRedis = storage === 'redis' || share.by === 'redis';
  const redis = isRedis ? readEnvRedis(readEither, readSecret, faults) : undefined;
  const cache = readEnvCache(read, given.cache, faults);
  // No quote needs the account; a wrong number is told here all the same, rather than by the first order.
  if (!/^\d{8}(?:-?\d{2})?$/.test(read('KIS_ACCOUNT_NUMBER') ?? '00000000')) {
    faults.push('KIS_ACCOUNT_NUMBER must be 8 digits, or 8 and 2 (12345678-01)');
  }
  if (faults.length > 0 || environment === undefined) {
    throw new TypeError(`client: the environment is not usable: ${faults.join('; ')}`);
  }
  const keys = { appKey, appSecret, environment, baseUrl };
  return { ...keys, storage, tokenFilePath, encryptionKey, share, redis, ...policies, cache };
}

function findKeyFault(value: string): string | undefined {
  const bytes = Buffer.from(value, 'base64');
  return bytes.length === 32 && bytes.toString('base64') === value ? undefined : 'must be 32 bytes in base64';
}
