import type { Indices, StockIndex } from '../../market/indices.ts';
import type { Market, Quote, Stock } from '../../market/market.ts';
import { orderBook, totalOf } from '../../market/order-book.ts';
import { uapiRefusal, uapiReply } from '../../reply.ts';
import type { Endpoint, Params } from '../endpoint.ts';
import { percentAbove, signOf, signToday, whole } from '../format.ts';
import { indexVolume, indexWaiting, millions, points } from '../indices/index-format.ts';
import { emptiedFields, type Fields } from '../outputs.ts';
import { isVenue } from '../quote-endpoint.ts';
import { listingOf } from './listing.ts';

const MAX_ROWS = 30;

/** 관심종목(멀티종목) 시세조회: up to 30 stocks and indices in the order they are asked for. */
export function createIntstockMultprice(market: Market, indices: Indices): Endpoint {
  return {
    method: 'GET',
    path: '/uapi/domestic-stock/v1/quotations/intstock-multprice',
    trIds: { real: ['FHKST11300006'], virtual: [] },
    params: ['FID_COND_MRKT_DIV_CODE_1', 'FID_INPUT_ISCD_1'],
    answer({ params, nowMs }) {
      const asked = pairs(params);
      if (asked.some(([venue]) => venue !== 'U' && !isVenue(venue))) return uapiRefusal('OPSQ2001');

      const [some] = market.symbols;
      const other = some && market.find(some.code);
      const output = asked.map(([venue, code]) => {
        if (venue === 'U') {
          const index = indices.find(code);
          if (index) return indexFields(index, market.quote(index, nowMs));
        }
        const stock = venue === 'U' ? undefined : market.find(code);
        if (stock) return stockFields(stock, market.quote(stock, nowMs));
        return other ? unknown(stockFields(other, market.quote(other, nowMs)), code) : {};
      });
      return uapiReply({ output });
    },
  };
}

/** Numbered from 1; the first that is missing or empty is the end. */
function pairs(params: Params): readonly (readonly [venue: string, code: string])[] {
  const found: (readonly [string, string])[] = [];
  for (let n = 1; n <= MAX_ROWS; n++) {
    const code = params.get(`FID_INPUT_ISCD_${n}`) ?? '';
    if (code === '') break;
    found.push([params.get(`FID_COND_MRKT_DIV_CODE_${n}`) ?? '', code]);
  }
  return found;
}

function unknown(fields: Fields, code: string): Fields {
  return { ...emptiedFields(fields, code), inter_shrn_iscd: code };
}

const MARKET_PHASE = { before: 'B', open: '0', closed: '0' } as const;

function stockFields(stock: Stock, quote: Quote): Fields {
  const { symbol } = stock;
  const { price, basePrice, candle } = quote;
  const { marketShortName } = listingOf(symbol);
  const { asks, bids } = orderBook(stock, quote);
  return {
    kospi_kosdaq_cls_name: marketShortName,
    mrkt_trtm_cls_name: marketShortName,
    hour_cls_code: MARKET_PHASE[quote.phase],
    inter_shrn_iscd: symbol.code,
    inter_kor_isnm: symbol.name,
    inter2_prpr: whole(price),
    inter2_prdy_vrss: whole(price - basePrice),
    prdy_vrss_sign: signToday(price, quote),
    prdy_ctrt: percentAbove(price, basePrice),
    acml_vol: whole(candle?.volume ?? 0),
    inter2_oprc: whole(candle?.openPrice ?? 0),
    inter2_hgpr: whole(candle?.highPrice ?? 0),
    inter2_lwpr: whole(candle?.lowPrice ?? 0),
    inter2_llam: whole(quote.lowerLimit),
    inter2_mxpr: whole(quote.upperLimit),
    inter2_askp: whole(asks[0]?.price ?? 0),
    inter2_bidp: whole(bids[0]?.price ?? 0),
    seln_rsqn: whole(asks[0]?.volume ?? 0),
    shnu_rsqn: whole(bids[0]?.volume ?? 0),
    total_askp_rsqn: whole(totalOf(asks, 'volume')),
    total_bidp_rsqn: whole(totalOf(bids, 'volume')),
    acml_tr_pbmn: whole(candle?.tradingValue ?? 0),
    inter2_prdy_clpr: whole(basePrice),
    oprc_vrss_hgpr_rate: candle ? percentAbove(candle.highPrice, candle.openPrice) : '0.00',
    intr_antc_cntg_vrss: '0',
    intr_antc_cntg_vrss_sign: '3',
    intr_antc_cntg_prdy_ctrt: '0.00',
    intr_antc_vol: '0',
    inter2_sdpr: whole(basePrice),
  };
}

/** Of an index there are no limits and no book, and its values are in its own units. */
function indexFields(index: StockIndex, quote: Quote): Fields {
  const { price, basePrice, candle } = quote;
  const waiting = indexWaiting(index, quote);
  const change = price - basePrice;
  return {
    kospi_kosdaq_cls_name: '업종',
    mrkt_trtm_cls_name: '',
    hour_cls_code: '2',
    inter_shrn_iscd: index.symbol.code,
    inter_kor_isnm: index.symbol.name,
    inter2_prpr: points(price),
    inter2_prdy_vrss: points(change),
    prdy_vrss_sign: signOf(change),
    prdy_ctrt: percentAbove(price, basePrice),
    acml_vol: indexVolume(candle),
    inter2_oprc: points(candle?.openPrice ?? 0),
    inter2_hgpr: points(candle?.highPrice ?? 0),
    inter2_lwpr: points(candle?.lowPrice ?? 0),
    inter2_llam: '',
    inter2_mxpr: '',
    inter2_askp: '',
    inter2_bidp: '',
    seln_rsqn: '',
    shnu_rsqn: '',
    total_askp_rsqn: whole(waiting.asked),
    total_bidp_rsqn: whole(waiting.bid),
    acml_tr_pbmn: millions(candle ? index.tradingValue(candle) : 0),
    inter2_prdy_clpr: points(basePrice),
    oprc_vrss_hgpr_rate: '',
    intr_antc_cntg_vrss: '0.00',
    intr_antc_cntg_vrss_sign: '3',
    intr_antc_cntg_prdy_ctrt: '0.00',
    intr_antc_vol: '0',
    inter2_sdpr: points(basePrice),
  };
}
