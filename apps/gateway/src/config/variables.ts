import type { Faults } from './faults.ts';
import { createSecret, type Secret } from './secret.ts';
import { readTextFile } from './text-file.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** Reads variables; what is wrong with one is told to `faults`, without its value. Blank is the same as not set. */
export interface Variables {
  text(name: string): string | undefined;
  /** Of a variable that has two names the one that is set; the first where none is. That they differ is a fault. */
  either(first: string, second: string): { readonly name: string; readonly value: string | undefined };
  /** By the variable, or by the file that `<name>_FILE` names. `findFault`: what is wrong with a value. */
  secret(name: string, findFault: (value: string) => string | undefined, remedy: string): Secret | undefined;
  integer(name: string, range: { readonly least: number; readonly most: number }): number | undefined;
  seconds(name: string): number | undefined;
}

/** As containers mount them: one secret, perhaps with a newline at its end. */
const LARGEST_SECRET_BYTES = 4_096;

export function createVariables(env: Env, faults: Faults): Variables {
  const text = (name: string): string | undefined => env[name]?.trim() || undefined;

  function number(name: string, isGood: (value: number) => boolean, rule: string): number | undefined {
    const value = text(name);
    if (value === undefined) return undefined;
    const parsed = /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
    if (isGood(parsed)) return parsed;
    faults.add(`${name} is not ${rule}`, `Correct it, or leave it out`);
    return undefined;
  }

  return {
    text,
    either(first, second) {
      const [value, other] = [text(first), text(second)];
      if (value === undefined && other !== undefined) return { name: second, value: other };
      if (other !== undefined && other !== value) tellDifferent(first, second, faults);
      return { name: first, value };
    },
    secret(name, findFault, remedy) {
      const fileName = `${name}_FILE`;
      const path = text(fileName);
      const given = env[name]?.trim() ? env[name] : undefined;
      if (given !== undefined && path !== undefined) {
        faults.add(`${name} and ${fileName} are both set`, 'Leave one of them out');
        return undefined;
      }
      const found: Found = path === undefined ? { value: given } : readSecretFile(path);
      const fault = found.value === undefined ? found.fault : findFault(found.value);
      if (fault === undefined) return found.value === undefined ? undefined : createSecret(found.value);
      if (path === undefined) faults.add(`${name} ${fault}`, remedy);
      else
        faults.add(`the file of ${fileName} ${fault}`, found.remedy ?? 'Name a file that holds nothing but the secret');
      return undefined;
    },
    integer(name, { least, most }) {
      const isGood = (value: number) => Number.isInteger(value) && value >= least && value <= most;
      return number(name, isGood, `an integer from ${least} to ${most}`);
    },
    seconds: (name) => number(name, (value) => value > 0, 'a number of seconds above 0'),
  };
}

interface Found {
  readonly value?: string | undefined;
  readonly fault?: string | undefined;
  readonly remedy?: string | undefined;
}

function readSecretFile(path: string): Found {
  const file = readTextFile(path, LARGEST_SECRET_BYTES);
  if ('fault' in file) return file;
  const value = file.text.replace(/\r?\n$/, '');
  return value === '' ? { fault: 'is empty' } : { value };
}

/** Of two names for one setting. What they say is not shown: a URL may have its password in it. */
export function tellDifferent(first: string, second: string, faults: Faults): void {
  faults.add(`${first} and ${second} differ`, 'Leave one of them out');
}

/** What is wrong with a key or secret of KIS, without its value. */
export function findCredentialFault(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return 'is no text';
  return /^[\x21-\x7e]+$/.test(value) ? undefined : 'contains blanks, newlines or other than ASCII';
}
