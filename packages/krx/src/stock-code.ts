import { inspect } from 'node:util';
import { UnsupportedError } from '@kis/client';

/**
 * A code of six digits or capital letters.
 *
 * @throws TypeError naming the value; UnsupportedError for an ETN (`Q` and six).
 */
export function checkStockCode(code: unknown): string {
  if (typeof code === 'string' && /^[0-9A-Z]{6}$/.test(code)) return code;
  if (typeof code === 'string' && /^Q[0-9A-Z]{6}$/.test(code)) throw new UnsupportedError('KRX', 'ETNs');
  throw new TypeError(
    `krx: \`code\` must be a string of 6 digits or capital letters, got ${inspect(code, { depth: 0, maxStringLength: 40 })}`,
  );
}
