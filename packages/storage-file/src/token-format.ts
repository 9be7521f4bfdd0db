import type { TokenRecord } from '@kis/token-core';
import type { Decoded, Format } from '@kis/versioned-file/parts';
import { isObject, isTokenRecord } from './record-shape.ts';
import type { Sealed, Sealing } from './sealing.ts';

/**
 * How a record stands in its versions: with `sealing` it is encrypted. Emptiness never is: whoever may delete the files may
 * say that they are empty.
 */
export function createTokenFormat(sealing?: Sealing): Format<TokenRecord> {
  return {
    name: 'kis-token-version/1',
    encode(record, label) {
      if (sealing === undefined || record === undefined) return { record: record ?? null };
      return { sealed: sealing.seal(JSON.stringify(record), label) };
    },
    decode({ record, sealed }, label) {
      if (isObject(sealed)) return unseal(sealed as Partial<Sealed>, label, sealing);
      if (record === null) return { value: undefined };
      return isTokenRecord(record) ? { value: record } : undefined;
    },
  };
}

function unseal(
  sealed: Partial<Sealed>,
  label: string,
  sealing: Sealing | undefined,
): Decoded<TokenRecord> | undefined {
  const hidden = { value: undefined, isSealed: true };
  if (sealing === undefined) return { ...hidden, locked: 'is encrypted, and there is no `encryptionKey`' };
  const text = sealing.open(sealed, label);
  if (text === undefined) {
    return { ...hidden, locked: 'is encrypted with another `encryptionKey`, or was tampered with' };
  }
  const record = parse(text);
  return isTokenRecord(record) ? { value: record, isSealed: true } : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
