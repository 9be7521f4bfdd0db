import { describe, expect, test } from 'vitest';
import { PickleError } from '../src/legacy/pickle-bytes.ts';
import { type PickleValue, readPickle } from '../src/legacy/pickle-reader.ts';
import { protocols, sample, samplePickle } from './legacy-tokens.ts';

const expected: Record<string, PickleValue> = JSON.parse(sample('expected.json.txt').toString());

function pickle(...parts: readonly (number | string | Buffer)[]): Buffer {
  return Buffer.concat(
    parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : Buffer.from(part as string, 'latin1'))),
  );
}

function errorOf(bytes: Buffer): PickleError {
  try {
    readPickle(bytes);
  } catch (error) {
    if (error instanceof PickleError) return error;
  }
  throw new Error('That was read');
}

describe('the reader of pickles', () => {
  test.each(protocols)('reads the recorded file of protocol %i', (protocol) => {
    const value = readPickle(samplePickle(protocol));
    expect(value instanceof Map && Object.keys(expected).every((name) => value.get(name) === expected[name])).toBe(
      true,
    );
    expect(value instanceof Map && value.size).toBe(7);
  });

  test.each<[string, PickleValue, Buffer]>([
    ['None', null, pickle('N.')],
    ['True and False', true, pickle(0x89, 0x88, '.')],
    ['True of protocol 0', true, pickle('I01\n.')],
    ['False of protocol 0', false, pickle('I00\n.')],
    ['an integer of one byte', 255, pickle('K', 255, '.')],
    ['an integer of two bytes', 65_535, pickle('M', 255, 255, '.')],
    ['a negative integer', -2, pickle('J', 254, 255, 255, 255, '.')],
    ['a negative integer of protocol 0', -12, pickle('I-12\n.')],
    ['an instant after 2038', 2 ** 31, pickle(0x8a, 5, 0, 0, 0, 0x80, 0, '.')],
    ['a long of no byte', 0, pickle(0x8a, 0, '.')],
    ['a negative long', -1, pickle(0x8a, 1, 255, '.')],
    ['a long of many bytes', -1, pickle(0x8a, 200, Buffer.alloc(200, 255), '.')],
    ['a text with a byte order mark', '\uFEFF가', pickle(0x8c, 6, Buffer.from('\uFEFF가'), '.')],
    ['a text whose length has eight bytes', 'ab', pickle(0x8d, 2, Buffer.alloc(7), 'ab.')],
    ['escapes of protocol 0', 'é가😀\\n\n\\\\u0041', pickle('V\xe9\\uac00\\U0001f600\\n\\u000a\\\\u0041\n.')],
    ['a text that is used twice', 'a', pickle(0x8c, 1, 'a', 0x94, 'h', 0, '.')],
    ['an index of four bytes', 'a', pickle(0x8c, 1, 'a', 'r', Buffer.alloc(4, 255), 'j', Buffer.alloc(4, 255), '.')],
    ['an index in digits', 'a', pickle(0x8c, 1, 'ap12\ng12\n.')],
    ['a dictionary', new Map([['a', 1]]), pickle('(', 0x8c, 1, 'aK', 1, 'd.')],
    ['a dictionary within another', new Map([['a', new Map()]]), pickle('}', 0x8c, 1, 'a}s.')],
    ['nothing behind the end', 1, pickle('K', 1, '.', 'cposix\nsystem\n')],
  ])('knows %s', (_what, value, bytes) => {
    expect(readPickle(bytes)).toEqual(value);
  });

  test('takes keys that mean something to JavaScript for keys', () => {
    const value = readPickle(
      pickle('}(', 0x8c, 9, '__proto__', '}', 0x8c, 1, 'xK', 1, 's', 0x8c, 11, 'constructor', 'Nu.'),
    );
    expect(value).toEqual(
      new Map<string, unknown>([
        ['__proto__', new Map([['x', 1]])],
        ['constructor', null],
      ]),
    );
    expect('x' in {}).toBe(false);
  });

  const known = new Set([...'}(qrphjgXVJKMIsudN.'].map((character) => character.charCodeAt(0)));
  for (const opcode of [0x80, 0x95, 0x94, 0x8c, 0x8d, 0x8a, 0x88, 0x89]) known.add(opcode);
  const refused = Array.from({ length: 256 }, (_, opcode) => opcode).filter((opcode) => !known.has(opcode));

  test('refuses each of the 229 other opcodes by name and place', () => {
    expect(refused).toHaveLength(229);
    for (const opcode of refused) {
      const error = errorOf(pickle(0x80, 4, '}(', opcode, '.'));
      expect(error).toMatchObject({ code: 'ERR_PICKLE', offset: 4 });
      expect(error.message).toBe(`byte 4 of the pickle: opcode 0x${opcode.toString(16)} is not one of plain data`);
    }
  });

  test.each<[string, Buffer]>([
    ['a call of the system', pickle("cos\nsystem\n(S'id'\ntR.")],
    ['a name from the stack', pickle(0x80, 4, 0x8c, 2, 'os', 0x8c, 6, 'system', 0x93, '.')],
    ['an object by protocol 2', pickle(0x80, 2, 'ccopy_reg\n__newobj__\n.')],
    ['a list', pickle(']K', 1, 'a.')],
    ['a protocol of the future', pickle(0x80, 6, 'N.')],
    ['nothing', Buffer.alloc(0)],
    ['an end without a value', pickle('.')],
    ['an end that takes a value from before a mark', pickle('N(.')],
    ['items of nothing', pickle(0x8c, 1, 'aNs.')],
    ['items of a text', pickle(0x8c, 1, 'a(', 0x8c, 1, 'bNu.')],
    ['items without a mark', pickle('}', 0x8c, 1, 'aNu.')],
    ['a key without a value', pickle('}(', 0x8c, 1, 'au.')],
    ['a key that is no text', pickle('}K', 1, 'Ns.')],
    ['a text that ends too early', pickle('X', 255, 255, 255, 255, 'abc.')],
    ['a text as long as memory', pickle(0x8d, Buffer.alloc(8, 255), 'abc.')],
    ['a frame as long as memory', pickle(0x80, 4, 0x95, Buffer.alloc(8, 255), 'N.')],
    ['a text that is no UTF-8', pickle(0x8c, 2, 0xc0, 0x80, '.')],
    ['half of a pair of surrogates', pickle('V\\ud83d\n.')],
    ['a character beyond all', pickle('V\\U00110000\n.')],
    ['an escape that is cut', pickle('V\\u00e\n.')],
    ['a line without an end', pickle('I12')],
    ['a number that is none', pickle('I12x\n.')],
    ['a number in octal', pickle('I012\n.')],
    ['a number beyond 2^53', pickle('I9007199254740993\n.')],
    ['a long beyond 2^53', pickle(0x8a, 8, Buffer.alloc(7, 255), 0x7f, '.')],
    ['an index that is none', pickle('Np-1\n.')],
    ['an index that was not put', pickle('h', 0, '.')],
    ['a dictionary within itself', pickle('}', 0x94, 0x8c, 1, 'ah', 0, 's.')],
  ])('refuses %s', (_what, bytes) => {
    expect(errorOf(bytes).message).toMatch(/^byte \d+ of the pickle: /);
  });

  test('takes a null that was put for a value', () => {
    expect(readPickle(pickle('Np0\ng0\n.'))).toBeNull();
  });

  test('says nothing of what a pickle holds', () => {
    for (const protocol of protocols) {
      const bytes = samplePickle(protocol);
      for (let length = 0; length < bytes.length; length += 1) {
        expect(errorOf(bytes.subarray(0, length)).message).toMatch(/^byte \d+ of the pickle: [a-z0-9 ,^>]*$/);
      }
    }
  });

  test('is done with a megabyte of marks, of dictionaries, of texts and of digits in no time', () => {
    const size = 1 << 20;
    const startMs = performance.now();
    expect(errorOf(Buffer.alloc(size, '('))).toBeInstanceOf(PickleError);
    expect(errorOf(Buffer.alloc(size, '}'))).toBeInstanceOf(PickleError);
    expect(errorOf(pickle('I', Buffer.alloc(size, '9'), '\n.'))).toBeInstanceOf(PickleError);
    expect(errorOf(pickle('p', Buffer.alloc(size, '9'), '\n.'))).toBeInstanceOf(PickleError);
    expect(readPickle(pickle('V', Buffer.alloc(size, '\\'), '\n.'))).toHaveLength(size);
    expect(readPickle(pickle(0x8c, 1, 'a', 0x94, Buffer.alloc(size, 'h\0'), '.'))).toBe('a');
    const nested = readPickle(
      pickle(Buffer.alloc(size, Buffer.from('}\x8c\x01a', 'latin1')), 'N', Buffer.alloc(size / 4, 's'), '.'),
    );
    expect(nested).toBeInstanceOf(Map);
    expect(performance.now() - startMs).toBeLessThan(10_000);
  });
});
