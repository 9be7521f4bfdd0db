import { inspect } from 'node:util';

/**
 * A code of KIS: six digits or capital letters, or `Q` and six more for an ETN. Never a number: zeros would be lost.
 *
 * @throws TypeError naming the value.
 */
export function checkStockCode(code: unknown): string {
  if (isStockCode(code)) return code;
  throw new TypeError(
    `client: \`code\` must be a string of 6 digits or capital letters (ETN: Q and 6), got ${inspect(code, { depth: 0 })}`,
  );
}

export function isStockCode(code: unknown): code is string {
  return typeof code === 'string' && /^(?:[0-9A-Z]{6}|Q[0-9A-Z]{6})$/.test(code);
}
