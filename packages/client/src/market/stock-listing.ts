import { readBlock } from '../blocks.ts';
import { optionalDate } from '../dates.ts';
import { koreanDate } from '../korean-time.ts';
import type { QuoteSource } from '../quote-source.ts';
import type { CallOptions } from '../request.ts';
import { checkStockCode } from '../stock-code.ts';
import { findMarket, marketIds, requestStockInfo, type StockInfo } from '../stock-info.ts';
import type { KisBody } from '../transport.ts';

/** How a stock stands in the register of the exchange. */
export interface StockListing {
  readonly stockCode: string;
  /** KIS: `prdt_abrv_name`. */
  readonly stockName: string;
  /** KIS: `prdt_name`. */
  readonly fullName?: string | undefined;
  /** KIS: `prdt_eng_name`. */
  readonly englishName?: string | undefined;
  /** KIS: `std_pdno`. */
  readonly isin?: string | undefined;
  /** Undefined for any other market. KIS: `mket_id_cd`. */
  readonly market?: StockInfo['market'] | undefined;
  /** `'ST'` a share, `'EF'` an ETF, `'EN'` an ETN, `'EW'` an ELW, `'RT'` a REIT … KIS: `scty_grp_id_cd`. */
  readonly group?: string | undefined;
  /** `YYYYMMDD`, at its market; KIS does not tell it of KONEX. KIS: `scts_mket_lstg_dt`, `kosdaq_mket_lstg_dt`. */
  readonly listingDate?: string | undefined;
  /** `YYYYMMDD`, which may lie ahead. KIS: `lstg_abol_dt`. */
  readonly delistingDate?: string | undefined;
  /** KIS: `lstg_abol_dt`, `tr_stop_yn`. */
  readonly status: 'listed' | 'suspended' | 'delisted';
  /** Whether the exchange has it under administration (관리종목). KIS: `admn_item_yn`. */
  readonly isAdministrative: boolean;
  /** KIS's answer, untouched. */
  readonly raw: KisBody;
}

const listingDates: Readonly<Partial<Record<string, string>>> = {
  KOSPI: 'scts_mket_lstg_dt',
  KOSDAQ: 'kosdaq_mket_lstg_dt',
};

export async function searchStockInfo(
  { request, names }: QuoteSource,
  code: string,
  options?: CallOptions,
): Promise<StockListing> {
  const stockCode = checkStockCode(code);
  const { stockName, ...reply } = await requestStockInfo(request, stockCode, options);
  names.remember(stockCode, stockName);
  const fields = readBlock(reply, 'output');
  const market = findMarket(fields.optionalText('mket_id_cd') ?? '', marketIds);
  const dateName = listingDates[market ?? ''];
  const delistingDate = optionalDate(fields, 'lstg_abol_dt');
  const isDelisted = delistingDate !== undefined && delistingDate <= koreanDate(reply.dateMs);
  const isSuspended = fields.optionalText('tr_stop_yn') === 'Y';
  return {
    stockCode,
    stockName,
    fullName: fields.optionalText('prdt_name'),
    englishName: fields.optionalText('prdt_eng_name'),
    isin: fields.optionalText('std_pdno'),
    market,
    group: fields.optionalText('scty_grp_id_cd'),
    listingDate: dateName && optionalDate(fields, dateName),
    delistingDate,
    status: isDelisted ? 'delisted' : isSuspended ? 'suspended' : 'listed',
    isAdministrative: fields.optionalText('admn_item_yn') === 'Y',
    raw: reply.body,
  };
}
