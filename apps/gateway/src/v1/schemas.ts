import { type TOptional, type TSchema, type TString, Type } from 'typebox';

/** What the typed routes have in common, and what they give; the OpenAPI document is made of it. */

export const Code: TString = Type.String({ pattern: '^(?:[0-9A-Z]{6}|Q[0-9A-Z]{6})$', examples: ['005930'] });

export const AccountName: TOptional<TString> = Type.Optional(
  Type.String({ maxLength: 40, description: 'The first one, unless named' }),
);

const cachedAtMs = Type.Optional(
  Type.Number({ description: 'Since when it was kept; absent when KIS has just said it' }),
);

export const Price: TSchema = Type.Object({
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
});

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

export const Problem: TSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String({ description: 'Ours, such as ERR_KIS_API' }),
    kisCode: Type.Optional(Type.String({ description: "KIS's msg_cd or error_code" })),
    trId: Type.Optional(Type.String()),
    retryAfterMs: Type.Optional(Type.Number()),
  },
  { description: 'RFC 9457' },
);
