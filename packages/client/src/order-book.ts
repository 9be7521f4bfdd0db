import { readBlock } from './blocks.ts';
import type { KisEndpoint } from './endpoint.ts';
import type { Fields } from './fields.ts';
import { koreanTimeMs } from './korean-time.ts';
import type { CallOptions, Request } from './request.ts';
import { checkStockCode } from './stock-code.ts';
import type { KisBody } from './transport.ts';
import { createUnknownStockError } from './unknown-stock.ts';

/** What is bid and asked for a stock; prices in won. */
export interface OrderBook {
  readonly stockCode: string;
  /** KIS: `hts_kor_isnm`, which this endpoint seldom gives. */
  readonly stockName?: string | undefined;
  /** Ten, best first. KIS: `bidp1…10`, `bidp_rsqn1…10`. */
  readonly bidLevels: readonly OrderBookLevel[];
  /** Ten, best first. KIS: `askp1…10`, `askp_rsqn1…10`. */
  readonly askLevels: readonly OrderBookLevel[];
  /** Shares, beyond the ten levels, too. KIS: `total_bidp_rsqn`. */
  readonly totalBidVolume: number;
  /** Shares, beyond the ten levels, too. KIS: `total_askp_rsqn`. */
  readonly totalAskVolume: number;
  /** 0: nobody bids. */
  readonly bestBid: number;
  /** 0: nobody asks. */
  readonly bestAsk: number;
  /** 0 when one side is empty. */
  readonly spread: number;
  /** KIS: `aspr_acpt_hour`, a time of day in Korea; the last one before KIS answered. Where it is blank, when KIS answered. */
  readonly timestampMs: number;
  /** Since when it was kept, by KIS's time; absent when KIS has just said it. */
  readonly cachedAtMs?: number | undefined;
  /** KIS's answer, untouched. */
  readonly raw: KisBody;
}

export interface OrderBookLevel {
  /** 0: the level is empty. */
  readonly price: number;
  /** Shares. */
  readonly volume: number;
}

const endpoint: KisEndpoint = {
  method: 'GET',
  path: '/uapi/domestic-stock/v1/quotations/inquire-asking-price-exp-ccn',
  trId: 'FHKST01010200',
};

/** KIS's clock gives whole seconds, so a quote of this second may seem to lie ahead. */
const clockStepMs = 1_000;

export async function getOrderBook(request: Request, code: string, options?: CallOptions): Promise<OrderBook> {
  const stockCode = checkStockCode(code);
  const reply = await request(endpoint, { FID_COND_MRKT_DIV_CODE: 'J', FID_INPUT_ISCD: stockCode }, options);
  const fields = readBlock(reply, 'output1');
  const price = readBlock(reply, 'output2', {}).optionalNumber('stck_prpr');
  const isEmpty = !fields.optionalNumber('askp1') && !fields.optionalNumber('bidp1');
  // A stock whose trade is halted has an empty book, and a price.
  if (isEmpty && !price) throw createUnknownStockError(stockCode, reply);

  const bidLevels = readLevels(fields, 'bidp');
  const askLevels = readLevels(fields, 'askp');
  const [bestBid, bestAsk] = [bidLevels[0]?.price ?? 0, askLevels[0]?.price ?? 0];
  return {
    stockCode,
    stockName: fields.optionalText('hts_kor_isnm'),
    bidLevels,
    askLevels,
    totalBidVolume: fields.number('total_bidp_rsqn'),
    totalAskVolume: fields.number('total_askp_rsqn'),
    bestBid,
    bestAsk,
    spread: bestBid === 0 || bestAsk === 0 ? 0 : bestAsk - bestBid,
    timestampMs: koreanTimeMs(fields.optionalText('aspr_acpt_hour') ?? '', reply.dateMs + clockStepMs) ?? reply.dateMs,
    raw: reply.body,
  };
}

function readLevels(fields: Fields, side: 'bidp' | 'askp'): OrderBookLevel[] {
  return Array.from({ length: 10 }, (_, index) => ({
    price: fields.number(`${side}${index + 1}`),
    volume: fields.number(`${side}_rsqn${index + 1}`),
  }));
}
