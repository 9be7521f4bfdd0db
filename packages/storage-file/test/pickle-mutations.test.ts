import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PickleError } from '../src/legacy/pickle-bytes.ts';
import { readPickle } from '../src/legacy/pickle-reader.ts';
import { protocols, samplePickle } from './legacy-tokens.ts';

const pickles = protocols.map(samplePickle);
const OPCODES = Buffer.from('\x80\x95}(\x94qrphjg\x8cX\x8dVJKM\x8aIN\x88\x89sud.c\x93RbioQ\x81\n', 'latin1');

type Change = (bytes: Buffer) => Buffer;

const protocol = fc.constantFrom(...protocols);
/** A place in a pickle, as a part of its length. */
const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const at = (bytes: Buffer, part: number): number => Math.floor(part * bytes.length);
const inserted = (bytes: Buffer, index: number, more: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, index), more, bytes.subarray(index)]);

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(place, fc.integer({ min: 0, max: 255 })).map(
    ([part, byte]): Change =>
      (bytes) => {
        const copy = Buffer.from(bytes);
        copy.set(copy.length === 0 ? [] : [byte], at(bytes, part));
        return copy;
      },
  ),
  place.map(
    (part): Change =>
      (bytes) =>
        bytes.subarray(0, at(bytes, part)),
  ),
  fc.tuple(place, fc.uint8Array({ maxLength: 12 })).map(([part, more]): Change => {
    return (bytes) => inserted(bytes, at(bytes, part), more);
  }),
  fc.tuple(place, fc.nat(OPCODES.length - 1)).map(([part, index]): Change => {
    return (bytes) => inserted(bytes, at(bytes, part), OPCODES.subarray(index, index + 1));
  }),
  fc.tuple(place, place, protocol).map(([part, other, from]): Change => {
    const source = pickles[from] ?? Buffer.alloc(0);
    return (bytes) => Buffer.concat([bytes.subarray(0, at(bytes, part)), source.subarray(at(source, other))]);
  }),
  // Eight bytes of length, anywhere.
  fc.tuple(place, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })).map(
    ([part, length]): Change =>
      (bytes) => {
        const copy = Buffer.from(bytes);
        const field = Buffer.alloc(8);
        field.writeBigUInt64LE(length);
        field.copy(copy, at(bytes, part));
        return copy;
      },
  ),
);

/** Walks through all that was read, with a list of its own instead of calls. */
function isPlain(value: unknown): boolean {
  const left = [value];
  for (let next = left.pop(); left.length > 0 || next !== undefined; next = left.pop()) {
    if (next instanceof Map && Object.getPrototypeOf(next) === Map.prototype && Object.keys(next).length === 0) {
      left.push(...next.keys(), ...next.values());
    } else if (next !== null && !['string', 'boolean'].includes(typeof next) && !Number.isSafeInteger(next)) {
      return false;
    }
  }
  return true;
}

test('100,000 changed pickles of all six protocols end in plain data or in a PickleError', { timeout: 120_000 }, () => {
  let [values, errors] = [0, 0];
  const startMs = performance.now();
  fc.assert(
    fc.property(protocol, fc.array(change, { minLength: 1, maxLength: 4 }), (from, changes) => {
      const changed = changes.reduce((result, each) => each(result), pickles[from] ?? Buffer.alloc(0));
      try {
        if (!isPlain(readPickle(changed))) throw new Error('Something else than plain data was read');
        values += 1;
      } catch (error) {
        if (!(error instanceof PickleError)) throw error;
        errors += 1;
      }
    }),
    { numRuns: 100_000 },
  );
  expect(values + errors).toBe(100_000);
  // Both ends are met in earnest.
  expect(Math.min(values, errors)).toBeGreaterThan(5_000);
  console.log(
    `100,000 changed pickles: ${values} read, ${errors} refused, in ${Math.round(performance.now() - startMs)} ms`,
  );
});
