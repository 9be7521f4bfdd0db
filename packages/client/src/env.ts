import type { KisEnvironment } from '@kis/token-core';
import { UnsupportedError } from './errors.ts';
import { findCredentialFault, isBaseUrl, type KisClientOptions } from './options.ts';

export type Env = Readonly<Record<string, string | undefined>>;

export interface EnvSettings {
  readonly appKey: string;
  readonly appSecret: string;
  readonly environment: KisEnvironment;
  readonly baseUrl: string | undefined;
  readonly tokenFilePath: string | undefined;
}

/**
 * Reads the variables; what is `given` counts more, and is not looked for. Blank is the same as not set.
 *
 * @throws TypeError that names every variable that is bad or missing, with no secret in it; UnsupportedError when the
 * storage that is named does not exist yet.
 */
export function readEnv(env: Env, given: Partial<KisClientOptions>): EnvSettings {
  const faults: string[] = [];
  const read = (name: string) => env[name]?.trim() || undefined;

  function credential(name: string, value: string | undefined): string {
    if (value !== undefined) return value;
    // A blank at either end is told, not cut off: the same value would fail elsewhere.
    const found = env[name] ?? '';
    const fault = found.trim() === '' ? 'is missing' : findCredentialFault(found);
    if (fault !== undefined) faults.push(`${name} ${fault}`);
    return found;
  }

  function baseUrl(name: string): string | undefined {
    const value = read(name);
    if (value !== undefined && !isBaseUrl(value))
      faults.push(`${name} must be an http or https URL without credentials`);
    return value;
  }

  function environment(): KisEnvironment {
    const value = read('KIS_USE_VIRTUAL_SERVER') ?? 'true';
    if (/^(?:false|0|no|off)$/i.test(value)) return 'real';
    if (!/^(?:true|1|yes|on)$/i.test(value)) faults.push(`KIS_USE_VIRTUAL_SERVER must be true or false, got ${value}`);
    return 'virtual';
  }

  function tokenFilePath(): string | undefined {
    const [path, otherPath] = [read('KIS_TOKEN_FILE_PATH'), read('KOREA_INVESTMENT_TOKEN_FILE')];
    if (path !== undefined && otherPath !== undefined && path !== otherPath) {
      faults.push('KIS_TOKEN_FILE_PATH and KOREA_INVESTMENT_TOKEN_FILE name two files');
    }
    return path ?? otherPath;
  }

  const baseUrls = { real: baseUrl('KIS_API_BASE_URL_REAL'), virtual: baseUrl('KIS_API_BASE_URL_VIRTUAL') };
  const fromEnv = environment();
  const chosen = given.environment ?? fromEnv;
  const settings: EnvSettings = {
    appKey: credential('KIS_APP_KEY', given.appKey),
    appSecret: credential('KIS_APP_SECRET', given.appSecret),
    environment: chosen,
    baseUrl: given.baseUrl ?? baseUrls[chosen],
    tokenFilePath: tokenFilePath(),
  };
  // No quote needs the account; a wrong number is told here all the same, rather than by the first order.
  if (!/^\d{8}(?:-?\d{2})?$/.test(read('KIS_ACCOUNT_NUMBER') ?? '00000000')) {
    faults.push('KIS_ACCOUNT_NUMBER must be 8 digits, or 8 and 2 (12345678-01)');
  }
  const storage = read('KOREA_INVESTMENT_TOKEN_STORAGE') ?? 'file';
  if (storage !== 'file' && storage !== 'redis') {
    faults.push(`KOREA_INVESTMENT_TOKEN_STORAGE must be file or redis, got ${storage}`);
  }
  if (faults.length > 0) throw new TypeError(`client: the environment is not usable: ${faults.join('; ')}`);
  if (storage === 'redis' && given.storage === undefined && given.tokens === undefined) {
    throw new UnsupportedError(
      'createKisClientFromEnv',
      'KOREA_INVESTMENT_TOKEN_STORAGE=redis yet',
      'use file, or hand in a storage of your own as `storage`',
    );
  }
  return settings;
}
