import { inspect } from 'node:util';

/** @throws TypeError for what cannot be the code of an index. */
export function checkIndexCode(code: string): string {
  if (typeof code === 'string' && /^\d{4}$/.test(code)) return code;
  throw new TypeError(`client: an index's code must be a string of 4 digits such as '0001', got ${inspect(code)}`);
}
