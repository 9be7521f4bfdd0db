import { describe, expect, test } from 'vitest';
import { readPickle } from '../src/legacy/pickle-reader.ts';
import { writePickle } from '../src/legacy/pickle-writer.ts';
import { sample, samplePickle } from './legacy-tokens.ts';

describe('the writer of pickles', () => {
  test('writes byte for byte what Python has written by protocol 4', () => {
    const written = writePickle(JSON.parse(sample('expected.json.txt').toString()));
    expect(written.equals(samplePickle(4))).toBe(true);
  });

  test.each([0, 1, 255, 256, 65_535, 65_536, 86_400, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 39, 2 ** 40 - 1, 2 ** 53 - 1])(
    'writes %i so that it is read again',
    (value) => {
      expect(readPickle(writePickle({ a: value, b: 1 }))).toEqual(
        new Map([
          ['a', value],
          ['b', 1],
        ]),
      );
    },
  );

  test.each([0, 1, 84, 85, 86, 1_000, 21_000])('writes a text of %i characters so that it is read again', (length) => {
    const text = '가'.repeat(length);
    expect(readPickle(writePickle({ text, b: 1 }))).toEqual(
      new Map<string, unknown>([
        ['text', text],
        ['b', 1],
      ]),
    );
  });

  test('says what it cannot write', () => {
    expect(() => writePickle({ a: -1, b: 1 })).toThrow(RangeError);
    expect(() => writePickle({ a: 1.5, b: 1 })).toThrow('a pickle takes integers from 0 to 2^53 - 1, got 1.5');
    expect(() => writePickle({ a: 'x'.repeat(1 << 16), b: 1 })).toThrow('does not go into one frame');
  });
});
