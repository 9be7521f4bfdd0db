import { readFileSync } from 'node:fs';
import type { Faults } from './faults.ts';
import { type Env, findCredentialFault, type Variables } from './variables.ts';

/** One app key, as it is configured. */
export interface AccountConfig {
  /** How routes, logs and metrics name it. */
  readonly name: string;
  readonly appKey: string;
  readonly appSecret: string;
  /** The variables that hold for this account: those of the client. */
  readonly env: Env;
}

const KEY_NAMES = ['KIS_APP_KEY', 'KIS_APP_SECRET'] as const;
const FIELDS = ['name', 'appKey', 'appSecret', 'environment', 'baseUrl', 'accountNumber'];
const REMEDY = 'Write it as the README shows under "Accounts"';

/** Many by `SECRETS_FILE`, one by the variables of KIS; none where neither is set. */
export function readAccounts(env: Env, variables: Variables, faults: Faults): AccountConfig[] {
  const path = variables.text('SECRETS_FILE');
  const keys = KEY_NAMES.flatMap((name) => [name, `${name}_FILE`]).filter((name) => variables.text(name) !== undefined);
  if (path === undefined) return keys.length === 0 ? [] : readOne(env, variables, faults);
  for (const name of keys) faults.add(`${name} and SECRETS_FILE are both set`, 'Leave one of them out');
  return readMany(path, env, faults);
}

function readOne(env: Env, variables: Variables, faults: Faults): AccountConfig[] {
  const remedy = "Copy it once more from KIS's portal";
  const countBefore = faults.list.length;
  const [appKey, appSecret] = KEY_NAMES.map((name) => variables.secret(name, findCredentialFault, remedy));
  const hasFault = faults.list.length > countBefore;
  if (!hasFault && (appKey === undefined || appSecret === undefined)) {
    const missing = appKey === undefined ? 'KIS_APP_KEY' : 'KIS_APP_SECRET';
    faults.add(`${missing} is missing`, 'Set it or its _FILE form; with no key at all the gateway plays KIS itself');
  }
  return [{ name: 'main', appKey: appKey ?? '', appSecret: appSecret ?? '', env }];
}

function readMany(path: string, env: Env, faults: Faults): AccountConfig[] {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A syntax error quotes the text, which is secret.
    faults.add(`the file of SECRETS_FILE ${code === undefined ? 'is not JSON' : `cannot be read (${code})`}`, REMEDY);
    return [];
  }
  const list = isRecord(content) ? content.accounts : undefined;
  if (!Array.isArray(list) || list.length === 0) {
    faults.add('the file of SECRETS_FILE has no `accounts`', REMEDY);
    return [];
  }
  const accounts = list.map((given, index) => readAccount(given, index, env, faults));
  for (const field of ['name', 'appKey'] as const) {
    const values = accounts.map((account) => account[field]);
    const twice = values.findIndex((value, index) => value !== '' && values.indexOf(value) !== index);
    if (twice >= 0) faults.add(`\`accounts[${twice}].${field}\` in SECRETS_FILE is that of another account`, REMEDY);
  }
  return accounts;
}

function readAccount(given: unknown, index: number, env: Env, faults: Faults): AccountConfig {
  const fields = isRecord(given) ? given : {};
  const fault = (field: string, what: string) =>
    faults.add(`\`accounts[${index}].${field}\` in SECRETS_FILE ${what}`, REMEDY);
  const text = (field: string, isGood: (value: string) => boolean, rule: string): string | undefined => {
    const value = fields[field];
    if (value === undefined) return undefined;
    if (typeof value === 'string' && isGood(value)) return value;
    fault(field, `is not ${rule}`);
    return undefined;
  };
  for (const field of Object.keys(fields)) {
    // Not shown: it may be the key itself.
    if (!FIELDS.includes(field)) faults.add(`\`accounts[${index}]\` in SECRETS_FILE has a field of no meaning`, REMEDY);
  }
  for (const field of ['appKey', 'appSecret']) {
    const what = findCredentialFault(fields[field]);
    if (what !== undefined) fault(field, what);
  }
  const name = text('name', (value) => /^[a-z0-9-]{1,40}$/.test(value), '1 to 40 small letters, digits and hyphens');
  const environment = text('environment', (value) => value === 'real' || value === 'virtual', '"real" or "virtual"');
  const baseUrl = text('baseUrl', (value) => URL.canParse(value), 'a URL');
  const accountNumber = text('accountNumber', (value) => /^\d{8}(?:-?\d{2})?$/.test(value), 'like 12345678-01');
  return {
    name: name ?? (index === 0 ? 'main' : `account-${index + 1}`),
    appKey: String(fields.appKey ?? ''),
    appSecret: String(fields.appSecret ?? ''),
    env: {
      ...env,
      ...(environment === undefined ? {} : { KIS_USE_VIRTUAL_SERVER: String(environment === 'virtual') }),
      ...(baseUrl === undefined ? {} : { KIS_API_BASE_URL_REAL: baseUrl, KIS_API_BASE_URL_VIRTUAL: baseUrl }),
      ...(accountNumber === undefined ? {} : { KIS_ACCOUNT_NUMBER: accountNumber }),
    },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
