import type { AccountConfig } from './account-config.ts';
import { isRecord, readAccount } from './account-entry.ts';
import type { Faults } from './faults.ts';
import { createSecret } from './secret.ts';
import { readTextFile, type TextFileFault } from './text-file.ts';
import { type Env, findCredentialFault, type Variables } from './variables.ts';

const KEY_NAMES = ['KIS_APP_KEY', 'KIS_APP_SECRET'] as const;
const REMEDY = 'Write it as the README shows under "Accounts"';
const LARGEST_FILE_BYTES = 1 << 20;

/**
 * Many by `SECRETS_FILE`, one by the variables of KIS; undefined where neither is set. None where the file cannot be read.
 */
export function readAccounts(
  variables: Variables,
  clientVariables: Env,
  faults: Faults,
): readonly AccountConfig[] | undefined {
  const path = variables.text('SECRETS_FILE');
  const keys = KEY_NAMES.flatMap((name) => [name, `${name}_FILE`]).filter((name) => variables.text(name) !== undefined);
  if (path === undefined) return keys.length === 0 ? undefined : [readOne(variables, clientVariables, faults)];
  for (const name of keys) faults.add(`${name} and SECRETS_FILE are both set`, 'Leave one of them out');
  return readMany(path, clientVariables, faults);
}

function readOne(variables: Variables, env: Env, faults: Faults): AccountConfig {
  const remedy = "Copy it once more from KIS's portal";
  const countBefore = faults.list.length;
  const [appKey, appSecret] = KEY_NAMES.map((name) => variables.secret(name, findCredentialFault, remedy));
  const hasFault = faults.list.length > countBefore;
  if (!hasFault && (appKey === undefined || appSecret === undefined)) {
    const missing = appKey === undefined ? 'KIS_APP_KEY' : 'KIS_APP_SECRET';
    faults.add(`${missing} is missing`, 'Set it or its _FILE form; with no key at all the gateway plays KIS itself');
  }
  return { name: 'main', appKey: appKey?.reveal() ?? '', appSecret: appSecret ?? createSecret(''), env };
}

function readMany(path: string, env: Env, faults: Faults): AccountConfig[] {
  const file = readTextFile(path, LARGEST_FILE_BYTES);
  const content = 'fault' in file ? file : parse(file.text);
  if ('fault' in content) {
    faults.add(`the file of SECRETS_FILE ${content.fault}`, content.remedy ?? REMEDY);
    return [];
  }
  const list = isRecord(content.value) ? content.value.accounts : undefined;
  if (!Array.isArray(list) || list.length === 0) {
    faults.add('the file of SECRETS_FILE has no `accounts`', REMEDY);
    return [];
  }
  const accounts = list.map((given, index) => {
    const of = `\`accounts[${index}]`;
    return readAccount(given, {
      nameByDefault: index === 0 ? 'main' : `account-${index + 1}`,
      env,
      // Of a field that has no meaning not even the name is shown: it may be the key itself.
      onFault: (what, field) =>
        faults.add(`${of}${field === undefined ? '' : `.${field}`}\` in SECRETS_FILE ${what}`, REMEDY),
    });
  });
  for (const field of ['name', 'appKey'] as const) {
    const values = accounts.map((account) => account[field]);
    const twice = values.findIndex((value, index) => value !== '' && values.indexOf(value) !== index);
    if (twice >= 0) faults.add(`\`accounts[${twice}].${field}\` in SECRETS_FILE is that of another account`, REMEDY);
  }
  return accounts;
}

function parse(text: string): { readonly value: unknown } | TextFileFault {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    // The error quotes the text, which is secret.
    return { fault: 'is not JSON' };
  }
}
