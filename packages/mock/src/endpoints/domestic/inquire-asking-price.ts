import { auctionOf } from '../../market/auction.ts';
import type { Market, Quote, Stock } from '../../market/market.ts';
import { type Level, orderBook, totalOf } from '../../market/order-book.ts';
import type { Endpoint } from '../endpoint.ts';
import { percentAbove, signToday, timeOfDay, whole } from '../format.ts';
import type { Fields } from '../outputs.ts';
import { createStockEndpoint } from '../quote-endpoint.ts';

/** 주식현재가 호가/예상체결. */
export function createInquireAskingPrice(market: Market): Endpoint {
  return createStockEndpoint(market, {
    path: '/uapi/domestic-stock/v1/quotations/inquire-asking-price-exp-ccn',
    trId: 'FHKST01010200',
    outputs: (stock, quote) => ({ output1: bookFields(stock, quote), output2: expectedMatch(stock, quote) }),
  });
}

const MARKET_PHASE = { before: '10', open: '20', closed: '31' } as const;
const CLOSING_AUCTION = '00';
const CLOSING_AUCTION_EXPECTED = '121';

function bookFields(stock: Stock, quote: Quote): Fields {
  const { asks, bids } = orderBook(stock, quote);
  const numbered = (name: string, levels: readonly Level[], of: keyof Level): Fields =>
    Object.fromEntries(levels.map((level, index) => [`${name}${index + 1}`, whole(level[of])]));
  const askVolume = totalOf(asks, 'volume');
  const bidVolume = totalOf(bids, 'volume');
  return {
    aspr_acpt_hour: timeOfDay(quote.ofDayMs),
    ...numbered('askp', asks, 'price'),
    ...numbered('bidp', bids, 'price'),
    ...numbered('askp_rsqn', asks, 'volume'),
    ...numbered('bidp_rsqn', bids, 'volume'),
    ...numbered('askp_rsqn_icdc', asks, 'volumeChange'),
    ...numbered('bidp_rsqn_icdc', bids, 'volumeChange'),
    total_askp_rsqn: whole(askVolume),
    total_bidp_rsqn: whole(bidVolume),
    total_askp_rsqn_icdc: whole(totalOf(asks, 'volumeChange')),
    total_bidp_rsqn_icdc: whole(totalOf(bids, 'volumeChange')),
    ovtm_total_askp_icdc: '0',
    ovtm_total_bidp_icdc: '0',
    ovtm_total_askp_rsqn: '0',
    ovtm_total_bidp_rsqn: '0',
    ntby_aspr_rsqn: whole(bidVolume - askVolume),
    new_mkop_cls_code: auctionOf(stock, quote)?.isGoingOn ? CLOSING_AUCTION : MARKET_PHASE[quote.phase],
  };
}

/** The call auction that goes on or was last. */
function expectedMatch(stock: Stock, quote: Quote): Fields {
  const { candle, basePrice } = quote;
  const auction = auctionOf(stock, quote);
  const matched = auction?.price ?? basePrice;
  return {
    antc_mkop_cls_code: auction?.isGoingOn ? CLOSING_AUCTION_EXPECTED : '112',
    stck_prpr: whole(quote.price),
    stck_oprc: whole(candle?.openPrice ?? 0),
    stck_hgpr: whole(candle?.highPrice ?? 0),
    stck_lwpr: whole(candle?.lowPrice ?? 0),
    stck_sdpr: whole(basePrice),
    antc_cnpr: whole(matched),
    antc_cntg_vrss_sign: signToday(matched, quote),
    antc_cntg_vrss: whole(matched - basePrice),
    antc_cntg_prdy_ctrt: percentAbove(matched, basePrice),
    antc_vol: whole(auction?.volume ?? 0),
    stck_shrn_iscd: stock.symbol.code,
    vi_cls_code: 'N',
  };
}
