import { lstatSync } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';
import { expandHome, findHomeFault } from './home-path.ts';
import { readSecretFile, type SecretFile } from './secret-file.ts';

/**
 * A secret from the variable `name`, or from the file that `<name>_FILE` names. Undefined where neither is set; blank is the
 * same as not set. `findFault`: what is wrong with a value.
 */
export function readEnvSecret(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  findFault: (value: string) => string | undefined,
): SecretFile | undefined {
  const fileName = `${name}_FILE`;
  // A blank at either end of the value is told, not cut off: the same value would fail elsewhere.
  const value = env[name]?.trim() ? env[name] : undefined;
  const named = env[fileName]?.trim() || undefined;
  if (named === undefined) {
    const fault = value === undefined ? undefined : findFault(value);
    if (fault !== undefined) return { fault: `${name} ${fault}` };
    return value === undefined ? undefined : { value };
  }
  if (value !== undefined) return { fault: `${name} and ${fileName} cannot be given together` };
  const homeFault = findHomeFault(named);
  if (homeFault !== undefined) return { fault: `${fileName} ${homeFault}` };
  const path = expandHome(named);
  const file = readSecretFile(path);
  const fault = 'fault' in file ? file.fault : findFault(file.value);
  if (fault === undefined) return file;
  return { fault: `${fileName} names ${describe(path, fault)}` };
}

/** What is no path may be the secret itself, given by mistake, and base64 may well begin with a slash. */
function describe(path: string, fault: string): string {
  if (!isAbsolute(path)) return `a relative path, which ${fault}`;
  const directory = dirname(path);
  if (isThere(path) || (directory !== '/' && isThere(directory))) return `${path}, which ${fault}`;
  return 'a path at which nothing is';
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
