import { inspect } from 'node:util';
import type { Codes } from './kind.ts';

export function checkCodes<T extends Codes>(codes: T): T {
  const isList =
    typeof codes === 'object' && codes !== null && (Symbol.iterator in codes || Symbol.asyncIterator in codes);
  // A text is one of letters.
  if (isList) return codes;
  throw new TypeError(
    `client: \`codes\` must be an array or another iterable of codes, got ${inspect(codes, { depth: 0 })}`,
  );
}
