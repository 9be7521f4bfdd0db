import { type TSchema, type TString, Type } from 'typebox';
import { Problem } from '../http/schemas.ts';

/** What the typed routes give. A field that is not named here is not told. */

export const Code: TString = Type.String({ pattern: '^(?:[0-9A-Z]{6}|Q[0-9A-Z]{6})$', examples: ['005930'] });

const cachedAtMs = Type.Optional(
  Type.Number({ description: 'Since when it was kept; absent when KIS has just said it' }),
);

const price = {
  stockCode: Type.String(),
  stockName: Type.Optional(Type.String()),
  currentPrice: Type.Number(),
  changePrice: Type.Number(),
  changeRate: Type.Number({ description: 'Percent' }),
  openPrice: Type.Number(),
  highPrice: Type.Number(),
  lowPrice: Type.Number(),
  volume: Type.Number(),
  tradingValue: Type.Number({ description: 'Won' }),
  marketCap: Type.Optional(Type.Number({ description: 'Won' })),
  timestampMs: Type.Number(),
  cachedAtMs,
};

export const Price: TSchema = Type.Object(price);

const Level = Type.Object({ price: Type.Number(), volume: Type.Number() });

export const OrderBook: TSchema = Type.Object({
  stockCode: Type.String(),
  stockName: Type.Optional(Type.String()),
  bidLevels: Type.Array(Level, { description: 'Ten, best first' }),
  askLevels: Type.Array(Level, { description: 'Ten, best first' }),
  totalBidVolume: Type.Number(),
  totalAskVolume: Type.Number(),
  bestBid: Type.Number(),
  bestAsk: Type.Number(),
  spread: Type.Number(),
  timestampMs: Type.Number(),
  cachedAtMs,
});

const ohlcv = {
  date: Type.String({ description: 'YYYYMMDD, at the exchange' }),
  startMs: Type.Number(),
  openPrice: Type.Number(),
  highPrice: Type.Number(),
  lowPrice: Type.Number(),
  closePrice: Type.Number(),
  volume: Type.Number(),
  tradingValue: Type.Optional(Type.Number()),
  cachedAtMs,
};

export const Chart: TSchema = Type.Object({
  code: Type.String(),
  period: Type.String(),
  candles: Type.Array(Type.Object({ stockCode: Type.String(), ...ohlcv }), { description: 'Newest first' }),
});

export const StockInfo: TSchema = Type.Object({
  stockCode: Type.String(),
  stockName: Type.String(),
  market: Type.String(),
  sector: Type.Optional(Type.String()),
  industry: Type.Optional(Type.String()),
  listedShares: Type.Optional(Type.Number()),
  faceValue: Type.Optional(Type.Number()),
  cachedAtMs,
});

export const OverseasPrice: TSchema = Type.Object({
  exchange: Type.String(),
  symbol: Type.String(),
  currentPrice: Type.Number({ description: "In the exchange's currency" }),
  previousClose: Type.Number(),
  changePrice: Type.Number(),
  changeRate: Type.Number(),
  decimalPlaces: Type.Number(),
  volume: Type.Number(),
  tradingValue: Type.Number(),
  timestampMs: Type.Number(),
});

export const OverseasChart: TSchema = Type.Object({
  exchange: Type.String(),
  symbol: Type.String(),
  period: Type.String(),
  candles: Type.Array(Type.Object(ohlcv), { description: 'Newest first' }),
});

export const Ipos: TSchema = Type.Object({
  ipos: Type.Array(
    Type.Object({
      stockCode: Type.String(),
      stockName: Type.String(),
      subscriptionStart: Type.Optional(Type.String()),
      subscriptionEnd: Type.Optional(Type.String()),
      offerPrice: Type.Optional(Type.Number()),
      faceValue: Type.Optional(Type.Number()),
      paymentDate: Type.Optional(Type.String()),
      refundDate: Type.Optional(Type.String()),
      listingDate: Type.Optional(Type.String()),
      leadManagers: Type.Array(Type.String()),
    }),
    { description: 'Newest first' },
  ),
});

/** One line of `POST /v1/quotes`. */
export const Line: TSchema = Type.Union([
  Type.Object({ type: Type.Enum(['quote']), ...price }),
  Type.Object({ type: Type.Enum(['problem']), stockCode: Type.String(), problem: Problem }),
  Type.Object({ type: Type.Enum(['progress']), completed: Type.Integer(), total: Type.Integer() }),
  Type.Object({
    type: Type.Enum(['end']),
    total: Type.Integer(),
    succeeded: Type.Integer(),
    failed: Type.Integer(),
    durationMs: Type.Integer(),
    stoppedBy: Type.Optional(Problem),
  }),
]);
