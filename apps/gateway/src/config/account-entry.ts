import type { AccountConfig } from './account-config.ts';
import { createSecret } from './secret.ts';
import { isBudget } from './share-config.ts';
import { type Env, findCredentialFault } from './variables.ts';
import { worldOf } from './world.ts';

const FIELDS = ['name', 'appKey', 'appSecret', 'environment', 'baseUrl', 'accountNumber', 'rateLimit', 'budget'];

/** One account of `SECRETS_FILE`. What it does not say of itself, the variables say for all. */
export function readAccount(
  given: unknown,
  options: {
    readonly nameByDefault: string;
    readonly env: Env;
    /** What is wrong, without its value. */
    readonly onFault: (what: string, field?: string) => void;
  },
): AccountConfig {
  const { nameByDefault, env, onFault } = options;
  const fields = isRecord(given) ? given : {};
  const read = (field: string, isGood: (value: unknown) => boolean, rule: string): string | undefined => {
    const value = fields[field];
    if (value === undefined) return undefined;
    if (isGood(value)) return String(value);
    onFault(`is not ${rule}`, field);
    return undefined;
  };
  const text = (field: string, isGood: (value: string) => boolean, rule: string) =>
    read(field, (value) => typeof value === 'string' && isGood(value), rule);

  for (const field of Object.keys(fields)) if (!FIELDS.includes(field)) onFault('has a field of no meaning');
  for (const field of ['appKey', 'appSecret']) {
    const what = findCredentialFault(fields[field]);
    if (what !== undefined) onFault(what, field);
  }
  const name = text('name', (value) => /^[a-z0-9-]{1,40}$/.test(value), '1 to 40 small letters, digits and hyphens');
  const environment = text('environment', (value) => value === 'real' || value === 'virtual', '"real" or "virtual"');
  const baseUrl = text('baseUrl', isBaseUrl, 'an http or https URL without credentials');
  const accountNumber = text('accountNumber', (value) => /^\d{8}(?:-?\d{2})?$/.test(value), 'like 12345678-01');
  const rateLimit = read('rateLimit', isLimit, 'an integer from 1 to 1,000');
  const budget = text('budget', isBudget, '1 to 120 small letters, digits and hyphens');
  // A limit that holds for one of KIS's hosts says nothing of the other, whose own is eighteen times as high or as low.
  const isElsewhere = environment !== undefined && environment !== worldOf(env).environment;
  return {
    name: name ?? nameByDefault,
    appKey: String(fields.appKey ?? ''),
    appSecret: createSecret(String(fields.appSecret ?? '')),
    budget,
    env: {
      ...env,
      ...(environment === undefined ? {} : { KIS_USE_VIRTUAL_SERVER: String(environment === 'virtual') }),
      ...(baseUrl === undefined ? {} : { KIS_API_BASE_URL_REAL: baseUrl, KIS_API_BASE_URL_VIRTUAL: baseUrl }),
      ...(accountNumber === undefined ? {} : { KIS_ACCOUNT_NUMBER: accountNumber }),
      KIS_API_RATE_LIMIT: rateLimit ?? (isElsewhere ? undefined : env.KIS_API_RATE_LIMIT),
    },
  };
}

function isBaseUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

function isLimit(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 1_000;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
