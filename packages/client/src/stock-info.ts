import { readBlock } from './blocks.ts';
import { requestPrice } from './current-price.ts';
import { requestDailyChart } from './daily-chart.ts';
import type { KisEndpoint } from './endpoint.ts';
import { KisApiError } from './errors.ts';
import type { Fields } from './fields.ts';
import { koreanDate } from './korean-time.ts';
import type { QuoteSource } from './quote-source.ts';
import type { CallOptions, Request } from './request.ts';
import { checkStockCode } from './stock-code.ts';
import type { KisBody, KisReply } from './transport.ts';
import { createUnknownStockError } from './unknown-stock.ts';

/** What a stock is. */
export interface StockInfo {
  readonly stockCode: string;
  /** KIS: `prdt_abrv_name`, on the virtual host `hts_kor_isnm` of the daily chart. */
  readonly stockName: string;
  /** KIS: `mket_id_cd`, on the virtual host `rprs_mrkt_kor_name`. */
  readonly market: 'KOSPI' | 'KOSDAQ' | 'KONEX';
  /** By the index of the exchange. KIS: `idx_bztp_mcls_cd_name`, on the virtual host `bstp_kor_isnm`. */
  readonly sector?: string | undefined;
  /** By the national standard; unknown on the virtual host. KIS: `std_idst_clsf_cd_name`. */
  readonly industry?: string | undefined;
  /** KIS: `lstg_stqt`, on the virtual host `lstn_stcn`. */
  readonly listedShares?: number | undefined;
  /** Won. KIS: `papr`, on the virtual host `stck_fcam`. */
  readonly faceValue?: number | undefined;
  /** Since when it was kept, by KIS's time; absent when KIS has just said it. */
  readonly cachedAtMs?: number | undefined;
  /** KIS's answer, untouched; on the virtual host that about the price, which tells all but the name. */
  readonly raw: KisBody;
}

const endpoint: KisEndpoint = {
  method: 'GET',
  path: '/uapi/domestic-stock/v1/quotations/search-stock-info',
  trId: { real: 'CTPF1002R' },
};

/** KIS: `mket_id_cd`. */
export const marketIds: Readonly<Record<StockInfo['market'], RegExp>> = {
  KOSPI: /^STK$/,
  KOSDAQ: /^KSQ$/,
  KONEX: /^KNX$/,
};

export async function getStockInfo(source: QuoteSource, code: string, options: CallOptions = {}): Promise<StockInfo> {
  const stockCode = checkStockCode(code);
  const read = source.environment === 'real' ? readStockInfo : gatherStockInfo;
  const info = await read(source, stockCode, options);
  source.names.remember(stockCode, info.stockName);
  return info;
}

/** Rejects with KisApiError for a code that KIS does not know, and with UnsupportedError on the virtual host. */
export async function requestStockInfo(
  request: Request,
  stockCode: string,
  options?: CallOptions,
): Promise<KisReply & { readonly stockName: string }> {
  // KIS: 300, stocks and what is traded like them.
  const reply = await request(endpoint, { PRDT_TYPE_CD: '300', PDNO: stockCode }, options).catch((error: unknown) => {
    const isUnknown = error instanceof KisApiError && error.kisCode === 'KIER2620';
    throw isUnknown ? createUnknownStockError(stockCode, error) : error;
  });
  const fields = readBlock(reply, 'output');
  const stockName = fields.optionalText('prdt_abrv_name') ?? fields.optionalText('prdt_name');
  if (stockName === undefined) throw createUnknownStockError(stockCode, reply);
  return { ...reply, stockName };
}

async function readStockInfo({ request }: QuoteSource, stockCode: string, options: CallOptions): Promise<StockInfo> {
  const { stockName, ...reply } = await requestStockInfo(request, stockCode, options);
  const fields = readBlock(reply, 'output');
  return {
    stockCode,
    stockName,
    market: readMarket(fields, 'mket_id_cd', marketIds),
    sector: fields.optionalText('idx_bztp_mcls_cd_name'),
    industry: fields.optionalText('std_idst_clsf_cd_name'),
    listedShares: fields.optionalNumber('lstg_stqt'),
    faceValue: fields.optionalNumber('papr'),
    raw: reply.body,
  };
}

/** From what the virtual host has. */
async function gatherStockInfo(source: QuoteSource, stockCode: string, options: CallOptions): Promise<StockInfo> {
  const { request } = source;
  const price = await requestPrice(request, stockCode, options);
  const fields = readBlock(price, 'output');
  // By its index or its exchange; funds and notes are listed on the KOSPI market, all of them.
  const market = readMarket(fields, 'rprs_mrkt_kor_name', {
    KOSPI: /^(?:KOSPI|코스피|유가증권|거래소|KRX$|ETF|ETN|ELW)/,
    KOSDAQ: /^(?:KOSDAQ|KSQ|코스닥)/,
    KONEX: /^(?:KONEX|코넥스)/,
  });
  const lastDate = koreanDate(source.nowMs());
  const chart = await requestDailyChart(request, stockCode, { ...options, period: 'day', adjusted: true, lastDate });
  return {
    stockCode,
    stockName: readBlock(chart, 'output1').text('hts_kor_isnm'),
    market,
    sector: fields.optionalText('bstp_kor_isnm'),
    listedShares: fields.optionalNumber('lstn_stcn'),
    faceValue: fields.optionalNumber('stck_fcam'),
    raw: price.body,
  };
}

function readMarket(
  fields: Fields,
  name: string,
  forms: Readonly<Record<StockInfo['market'], RegExp>>,
): StockInfo['market'] {
  const market = findMarket(fields.text(name), forms);
  if (market === undefined) throw fields.fault(name, 'a market');
  return market;
}

export function findMarket(
  text: string,
  forms: Readonly<Record<StockInfo['market'], RegExp>>,
): StockInfo['market'] | undefined {
  return (['KOSPI', 'KOSDAQ', 'KONEX'] as const).find((it) => forms[it].test(text));
}
