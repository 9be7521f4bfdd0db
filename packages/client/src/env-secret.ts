import { isAbsolute } from 'node:path';
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
  const path = env[fileName]?.trim() || undefined;
  if (path === undefined) {
    const fault = value === undefined ? undefined : findFault(value);
    if (fault !== undefined) return { fault: `${name} ${fault}` };
    return value === undefined ? undefined : { value };
  }
  if (value !== undefined) return { fault: `${name} and ${fileName} cannot be given together` };
  const file = readSecretFile(path);
  const fault = 'fault' in file ? file.fault : findFault(file.value);
  if (fault === undefined) return file;
  // What is no path may be the secret itself, given by mistake.
  return { fault: `${fileName} names ${isAbsolute(path) ? path : 'a relative path'}, which ${fault}` };
}
