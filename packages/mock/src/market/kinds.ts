import type { FakeSymbol } from './symbols.ts';

/** What is listed: a share, one without a vote, a fund, or a note. */
export type Kind = 'ordinary' | 'preferred' | 'ETF' | 'ETN';

/** The code of an ordinary share ends with 0. */
export function kindOf({ code, sector }: FakeSymbol): Kind {
  if (sector === 'ETF' || sector === 'ETN') return sector;
  return code.endsWith('0') ? 'ordinary' : 'preferred';
}

export function isFund(symbol: FakeSymbol): boolean {
  const kind = kindOf(symbol);
  return kind === 'ETF' || kind === 'ETN';
}
