import { describe, expect, test } from 'vitest';
import { parseNumber, readChange, readFields } from '../src/fields.ts';
import type { KisReply } from '../src/index.ts';

describe('a number of KIS', () => {
  test.each([
    ['0', 0],
    ['-1.5', -1.5],
    ['+3', 3],
    ['000123', 123],
    ['-007.50', -7.5],
    ['  75800 ', 75_800],
    ['.5', 0.5],
    ['5.', 5],
    ['-0.00', 0],
    ['815363000000000', 815_363_000_000_000],
    [12, 12],
    ['', undefined],
    [' ', undefined],
    ['-', undefined],
    ['5,000', undefined],
    ['1e5', undefined],
    ['0x10', undefined],
    ['NaN', undefined],
    ['Infinity', undefined],
    ['12원', undefined],
    [Number.NaN, undefined],
    [null, undefined],
    [undefined, undefined],
    [true, undefined],
    [['1'], undefined],
  ])('%o reads as %o', (value, expected) => {
    // Object.is: a zero has no sign.
    expect(Object.is(parseNumber(value), expected)).toBe(true);
  });
});

describe('a field', () => {
  const reply: KisReply = { trId: 'TEST0001', status: 200, trCont: '', dateMs: 0, body: {} };

  test.each([
    [{ price: '' }, "KIS's answer (HTTP 200): expected a number in output.price, got ''"],
    [{ price: 'abc' }, "KIS's answer (HTTP 200): expected a number in output.price, got 'abc'"],
    [{}, "KIS's answer (HTTP 200): expected a number in output.price, got undefined"],
    [undefined, "KIS's answer (HTTP 200): expected an object in output, got undefined"],
  ])('that is required is named when it is not there: %o', (output, message) => {
    expect(() => readFields(reply, output, 'output').number('price')).toThrow(message);
  });

  test('that is optional is undefined when it is blank, unreadable or missing', () => {
    const fields = readFields(reply, { blank: ' ', name: true }, 'output');
    expect(fields.optionalNumber('blank')).toBeUndefined();
    expect(fields.optionalText('blank')).toBeUndefined();
    expect(fields.optionalText('name')).toBeUndefined();
    expect(fields.optionalText('missing')).toBeUndefined();
  });

  test('that is a text may come padded, as a number, or under a name in other letters', () => {
    const fields = readFields(reply, { padded: ' 삼성전자   ', date: 20240611, Name_Cd: 'x' }, 'output');
    expect([fields.text('padded'), fields.text('date'), fields.text('name_cd')]).toEqual(['삼성전자', '20240611', 'x']);
  });

  test.each([
    ['2', '300', 300],
    ['5', '-300', -300],
    ['5', '300', -300],
    ['4', '0.45', -0.45],
    ['3', '0', 0],
    ['5', '0', 0],
    ['', '-300', -300],
  ])('of a change with sign %s and value %s is %d', (prdy_vrss_sign, prdy_vrss, expected) => {
    const fields = readFields(reply, { prdy_vrss, prdy_vrss_sign }, 'output');
    expect(Object.is(readChange(fields, 'prdy_vrss'), expected)).toBe(true);
  });
});
