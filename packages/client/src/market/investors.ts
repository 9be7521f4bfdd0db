import { readRows } from '../blocks.ts';
import { readDay } from '../dates.ts';
import type { KisEndpoint } from '../endpoint.ts';
import { type Fields, readChange } from '../fields.ts';
import type { CallOptions, Request } from '../request.ts';
import { checkStockCode } from '../stock-code.ts';
import { createUnknownStockError } from '../unknown-stock.ts';

/** Who bought and sold a stock on a day. */
export interface InvestorDay {
  readonly stockCode: string;
  /** `YYYYMMDD`. KIS: `stck_bsop_date`. */
  readonly date: string;
  /** Won. KIS: `stck_clpr`. */
  readonly closePrice: number;
  /** Against the close of the day before, in won. KIS: `prdy_vrss`. */
  readonly changePrice: number;
  /** Undefined for today until KIS has counted it, some time after the close. KIS: `prsn_…`. */
  readonly individuals?: InvestorTrades | undefined;
  /** As above. KIS: `frgn_…`. */
  readonly foreigners?: InvestorTrades | undefined;
  /** As above. KIS: `orgn_…`. */
  readonly institutions?: InvestorTrades | undefined;
}

/** Of one kind of investors. KIS counts values in millions of won. */
export interface InvestorTrades {
  /** Shares, negative where more were sold. KIS: `…_ntby_qty`. */
  readonly netVolume: number;
  /** Won. KIS: `…_ntby_tr_pbmn`. */
  readonly netValue: number;
  /** Shares. KIS: `…_shnu_vol`. */
  readonly boughtVolume: number;
  /** Won. KIS: `…_shnu_tr_pbmn`. */
  readonly boughtValue: number;
  /** Shares. KIS: `…_seln_vol`. */
  readonly soldVolume: number;
  /** Won. KIS: `…_seln_tr_pbmn`. */
  readonly soldValue: number;
}

const endpoint: KisEndpoint = {
  method: 'GET',
  path: '/uapi/domestic-stock/v1/quotations/inquire-investor',
  trId: 'FHKST01010900',
};

export async function getInvestors(request: Request, code: string, options?: CallOptions): Promise<InvestorDay[]> {
  const stockCode = checkStockCode(code);
  const reply = await request(endpoint, { FID_COND_MRKT_DIV_CODE: 'J', FID_INPUT_ISCD: stockCode }, options);
  const days = readRows(reply, 'output', 'stck_bsop_date').map((fields) => ({
    stockCode,
    date: readDay(fields, 'stck_bsop_date').date,
    closePrice: fields.number('stck_clpr'),
    changePrice: readChange(fields, 'prdy_vrss'),
    individuals: readTrades(fields, 'prsn'),
    foreigners: readTrades(fields, 'frgn'),
    institutions: readTrades(fields, 'orgn'),
  }));
  if (days.length === 0) throw createUnknownStockError(stockCode, reply);
  return days.sort((a, b) => b.date.localeCompare(a.date));
}

function readTrades(fields: Fields, who: string): InvestorTrades | undefined {
  if (fields.optionalText(`${who}_ntby_qty`) === undefined) return undefined;
  const won = (name: string) => fields.number(`${who}_${name}_tr_pbmn`) * 1_000_000;
  return {
    netVolume: fields.number(`${who}_ntby_qty`),
    netValue: won('ntby'),
    boughtVolume: fields.number(`${who}_shnu_vol`),
    boughtValue: won('shnu'),
    soldVolume: fields.number(`${who}_seln_vol`),
    soldValue: won('seln'),
  };
}
