import type { Stock } from '../market/market.ts';

const SECTIONS: readonly string[] = ['우량기업부', '벤처기업부', '중견기업부', '기술성장기업부'];

/** The section of its market; only KOSDAQ has some. */
export function sectionOf({ symbol, seed }: Stock): string {
  return symbol.market === 'KOSDAQ' ? (SECTIONS[Math.abs(seed) % SECTIONS.length] ?? '-') : '-';
}
