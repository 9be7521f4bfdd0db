import { describe, expect, test } from 'vitest';
import { isBlank, isLegacyToken, parseLegacyFile } from '../src/legacy/legacy-file.ts';
import { isMirrorCopy } from '../src/mirror-copy.ts';
import { sample } from './legacy-tokens.ts';

/** The most that is read of a file. */
const SIZE = 1 << 20;
/** A hundred times what it takes; a pattern that takes quadratic time takes minutes. */
const BOUND_MS = 4_000;

function fill(head: string, body: string, tail = ''): string {
  return head + body.repeat(Math.floor((SIZE - head.length - tail.length) / body.length)) + tail;
}

describe('a file of 1 MiB that is made to take long', () => {
  const value = 'x'.repeat(200);
  test.each<[string, string]>([
    ['blanks before a carriage return', fill('token:', ' ', '\r')],
    ['blanks before a carriage return and a line feed', fill('token:', ' ', '\r\n')],
    ['blanks inside', fill('token: a', ' ', 'b')],
    ['tabs inside', fill('token: a', '\t', 'b')],
    ['blanks and tabs by turns', fill('valid-date:', ' \t', 'x')],
    ['double quotes', fill('token: ', '"', 'x')],
    ['single quotes', fill("token: '", "'", ' x')],
    ['quotes and blanks by turns', fill('token: "', '" ', 'x')],
    ['carriage returns', fill('token:', '\r', 'x')],
    ['carriage returns alone', fill('', '\r', 'x')],
    ['line feeds', fill('', '\n', 'x')],
    ['the same line', fill('', 'token: a\n')],
    ['the beginning of the line', fill('', 'token:')],
    ['blanks', fill('', ' ', 'x')],
    ['zeros', fill('', '\0', 'x')],
    ['open brackets', fill('', '[')],
    ['objects in objects', fill('', '{"a":')],
    ['dots in a token', fill('{"expires_at":"2099-01-01T00:00:00","access_token":"', '.', '"}')],
    ['a long time', fill(`{"access_token":"${value}","expires_at":"`, '2099-01-01T00:00:00.', '"}')],
    ['digits of a second', fill(`{"access_token":"${value}","expires_at":"2099-01-01T00:00:00.`, '1', 'x"}')],
    ['marks', fill('', '(')],
    ['dictionaries', fill('}', '}')],
    ['escapes', fill('(V', '\\u004', '\n.')],
    ['backslashes', fill('(V', '\\', '\n.')],
    ['digits of an integer', fill('(I', '1', '\n.')],
    ['the beginnings of our own copy', fill('', '{\n  "format": "kis-token-mirror/')],
  ])('is judged in time: %s', (_what, text) => {
    const bytes = Buffer.from(text);
    const startMs = performance.now();
    const found = parseLegacyFile(bytes);
    isBlank(bytes);
    isMirrorCopy(bytes);
    expect(performance.now() - startMs).toBeLessThan(BOUND_MS);
    expect(isLegacyToken(found) && found.token.value.length <= 200).toBe(false);
  });
});

describe('the lines of kis_auth.py', () => {
  const text = sample('KIS20300101.official-yaml').toString();

  test.each<[string, (text: string) => string]>([
    ['as they are', (it) => it],
    ['with the line ends of Windows', (it) => it.replaceAll('\n', '\r\n')],
    ['between blanks and tabs', (it) => it.replace(/^([a-z-]+): (.*)$/gm, '$1: \t $2 \t')],
    ['in double quotes', (it) => it.replace(/^([a-z-]+): (.*)$/gm, '$1: "$2"')],
    ['in single quotes, with blanks behind them', (it) => it.replace(/^([a-z-]+): (.*)$/gm, "$1: '$2'  ")],
  ])('are read %s', (_how, change) => {
    expect(parseLegacyFile(Buffer.from(change(text)))).toEqual(parseLegacyFile(Buffer.from(text)));
    expect(isLegacyToken(parseLegacyFile(Buffer.from(change(text))))).toBe(true);
  });

  test.each(['"', "'", '"x', 'x"', `"x'`])('are left as they are where they are not in quotes: %s', (value) => {
    const found = parseLegacyFile(Buffer.from(text.replace(/^token: /m, (head) => `${head}${value}`)));
    const plain = parseLegacyFile(Buffer.from(text));
    expect(isLegacyToken(found) && isLegacyToken(plain) && found.token.value).toBe(
      isLegacyToken(plain) ? value + plain.token.value : undefined,
    );
  });
});
