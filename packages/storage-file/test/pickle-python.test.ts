import { describe, expect, test } from 'vitest';
import { readPickle } from '../src/legacy/pickle-reader.ts';
import { writePickle } from '../src/legacy/pickle-writer.ts';
import { protocols, sample } from './legacy-tokens.ts';
import { hasPython, runPython } from './python.ts';

const program = (protocol: number): string => `
import pickle, sys, json
sys.stdout.buffer.write(pickle.dumps(json.load(sys.stdin), ${protocol}).hex().encode())`;

const contents: readonly Record<string, string | number>[] = [
  JSON.parse(sample('expected.json.txt').toString()),
  { empty: '', korean: '한국투자증권', symbols: '\\ \\u0041 \\\\ \r\n\0\x1a 😀 é', one: 1, big: 65_536 },
  { a: 0, b: 255, c: 256, d: 65_535, e: 2 ** 31 - 1, long: 'x'.repeat(256), short: 'x'.repeat(255) },
];

describe('a real Python', () => {
  test.each(protocols)('writes by protocol %i what is read here', (protocol) => {
    if (!hasPython()) return;
    for (const content of contents) {
      const hex = runPython(program(protocol), Buffer.from(JSON.stringify(content)));
      const value = readPickle(Buffer.from(hex, 'hex'));
      expect(JSON.stringify(value instanceof Map && Object.fromEntries(value)) === JSON.stringify(content)).toBe(true);
    }
  });

  test('writes after 2038 what is read here and written here byte for byte', () => {
    if (!hasPython()) return;
    const late = [2 ** 31, 2 ** 32 - 1, 2 ** 39 - 1, 2 ** 39, 2 ** 53 - 1];
    for (const content of [...contents, ...late.map((timestamp) => ({ timestamp, expires_in: 86_400 }))]) {
      const hex = runPython(program(4), Buffer.from(JSON.stringify(content)));
      expect(writePickle(content).toString('hex') === hex).toBe(true);
      expect(readPickle(Buffer.from(hex, 'hex'))).toBeInstanceOf(Map);
    }
  });

  test('reads what is written here', () => {
    if (!hasPython()) return;
    for (const content of contents) {
      const program = 'import pickle, sys, json; print(json.dumps(pickle.load(sys.stdin.buffer)))';
      const read = JSON.parse(runPython(program, writePickle(content)));
      expect(JSON.stringify(read) === JSON.stringify(content)).toBe(true);
    }
  });
});
