import { kindOf } from './kinds.ts';
import type { FakeSymbol } from './symbols.ts';

/** The ISIN: country, kind, code and check digit. KIS: `std_pdno`. */
export function standardCodeOf(symbol: FakeSymbol): string {
  const body = `${kindOf(symbol) === 'ETN' ? 'KRG' : 'KR7'}${symbol.code.slice(-6)}00`;
  return `${body}${checkDigit(body)}`;
}

/** The check digit of an ISIN: Luhn's sum over the digits, a letter being two of them: every other one counts twice, from the right. */
export function checkDigit(body: string): number {
  const digits = Array.from(body, (letter) => Number.parseInt(letter, 36)).join('');
  const sum = Array.from(digits)
    .reverse()
    .map((digit, place) => Number(digit) * (place % 2 === 0 ? 2 : 1))
    .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0);
  return (10 - (sum % 10)) % 10;
}
