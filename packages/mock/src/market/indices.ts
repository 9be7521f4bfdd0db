import { createExtremes } from './extremes.ts';
import { INDEX_LIST, type IndexEntry } from './index-list.ts';
import { isFund, kindOf } from './kinds.ts';
import { KRX } from './krx.ts';
import type { Market, Stock } from './market.ts';
import { hash } from './noise.ts';
import type { Candle } from './session.ts';
import { createSnapshots, type Snapshots, type Standing } from './snapshot.ts';
import type { FakeSymbol } from './symbols.ts';
import type { Venue } from './venue.ts';
import { createWalk } from './walk.ts';

/** An index stands in the market like a stock: prices in hundredths of a point. */
export interface StockIndex extends Stock {
  has(symbol: FakeSymbol): boolean;
  /** What was traded of its stocks, in won. */
  tradingValue(candle: Candle): number;
}

/** Of how many companies the price rose, fell, stands still, or stands at a limit (which is counted as a rise or a fall, too). */
export interface Breadth {
  readonly up: number;
  readonly upperLimit: number;
  readonly unchanged: number;
  readonly down: number;
  readonly lowerLimit: number;
}

export interface Indices {
  find(code: string): StockIndex | undefined;
  /** The code of the index of its sector, or of its market; empty for a fund and where there is none. KIS: `bstp_cls_code`. */
  codeOf(symbol: FakeSymbol): string;
  isInKospi200(symbol: FakeSymbol): boolean;
  isInKosdaq150(symbol: FakeSymbol): boolean;
  breadth(index: StockIndex, nowMs: number): Breadth;
  /** The market's own, for whoever ranks its stocks. */
  readonly snapshots: Snapshots;
}

/** An index moves by hundredths of a point, and its limits are its stocks' own. */
const INDEX_VENUE: Venue = {
  ...KRX,
  tickNear: Math.round,
  tickDown: Math.floor,
  tickUp: Math.ceil,
  limits: (base) => ({ upper: Math.floor(base * 1.3), lower: Math.ceil(base * 0.7) }),
};

/** Indices move less than their stocks. */
const LIVELINESS = 0.3;

export function createIndices(market: Market, seed: number): Indices {
  const snapshots = createSnapshots(market);
  const kospi200 = largestOf(market, 'KOSPI', 200);
  const kosdaq150 = largestOf(market, 'KOSDAQ', 150);
  const membership = ({ of }: IndexEntry): ((symbol: FakeSymbol) => boolean) => {
    if (of === 'KOSPI200') return (symbol) => kospi200.has(symbol);
    if (typeof of === 'string') return (symbol) => symbol.market === of;
    return (symbol) => symbol.market === 'KOSPI' && of.includes(symbol.sector);
  };

  const indices = new Map<string, StockIndex>(
    INDEX_LIST.map((entry) => {
      const { code, name, usualPoints, usualVolume, usualShare } = entry;
      const usualPrice = usualPoints * 100;
      const ownSeed = hash(seed, Number(code), 1);
      const walk = createWalk({
        usualPrice,
        usualVolume: usualVolume * 1_000_000,
        seed: ownSeed,
        venue: INDEX_VENUE,
        liveliness: LIVELINESS,
      });
      const index: StockIndex = {
        symbol: { code, name, market: 'KOSPI', sector: name, usualPrice, listedShares: 0, faceValue: 0 },
        seed: ownSeed,
        walk,
        extremes: createExtremes(walk, INDEX_VENUE),
        has: membership(entry),
        tradingValue: (candle) => (candle.tradingValue / usualPrice) * usualShare,
      };
      return [code, index];
    }),
  );

  return {
    snapshots,
    find: (code) => indices.get(code),
    codeOf(symbol) {
      if (isFund(symbol)) return '';
      const sector = INDEX_LIST.findLast((entry) => typeof entry.of !== 'string' && membership(entry)(symbol));
      if (sector) return sector.code;
      return INDEX_LIST.find(({ of }) => of === symbol.market)?.code ?? '';
    },
    isInKospi200: (symbol) => kospi200.has(symbol),
    isInKosdaq150: (symbol) => kosdaq150.has(symbol),
    breadth(index, nowMs) {
      const members = snapshots(nowMs).filter(({ stock }) => index.has(stock.symbol) && !isFund(stock.symbol));
      const count = (test: (standing: Standing['quote']) => boolean): number =>
        members.filter(({ quote }) => test(quote)).length;
      return {
        up: count(({ price, basePrice }) => price > basePrice),
        upperLimit: count(({ price, upperLimit }) => price >= upperLimit),
        unchanged: count(({ price, basePrice }) => price === basePrice),
        down: count(({ price, basePrice }) => price < basePrice),
        lowerLimit: count(({ price, lowerLimit }) => price <= lowerLimit),
      };
    },
  };
}

/** The largest companies of a market. */
function largestOf({ symbols }: Market, market: FakeSymbol['market'], count: number): ReadonlySet<FakeSymbol> {
  const companies = symbols.filter((symbol) => symbol.market === market && kindOf(symbol) === 'ordinary');
  return new Set(companies.sort((a, b) => sizeOf(b) - sizeOf(a)).slice(0, count));
}

function sizeOf({ usualPrice, listedShares }: FakeSymbol): number {
  return usualPrice * listedShares;
}
