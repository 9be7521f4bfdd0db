import { readBlock } from '../blocks.ts';
import type { KisEndpoint } from '../endpoint.ts';
import { type Fields, readChange } from '../fields.ts';
import type { CallOptions, Request } from '../request.ts';
import type { KisBody } from '../transport.ts';
import { createUnknownError, isNothing } from '../unknown-stock.ts';
import { checkOverseasStock, describeStock, type OverseasStock, stockParams } from './exchanges.ts';

/** The price of a stock abroad, in the exchange's currency; 15 minutes old in Asia. */
export interface OverseasPrice extends OverseasStock {
  /** KIS: `last`. */
  readonly currentPrice: number;
  /** KIS: `base`. */
  readonly previousClose: number;
  /** Against `previousClose`. KIS: `diff`, whose sign stands in `sign`. */
  readonly changePrice: number;
  /** Percent. KIS: `rate`. */
  readonly changeRate: number;
  /** How many digits a price has behind its point. KIS: `zdiv`. */
  readonly decimalPlaces: number;
  /** Shares. KIS: `tvol`. */
  readonly volume: number;
  /** In the exchange's currency. KIS: `tamt`. */
  readonly tradingValue: number;
  /** When KIS answered: it does not say when the price was made. */
  readonly timestampMs: number;
  /** KIS's answer, untouched. */
  readonly raw: KisBody;
}

const endpoint: KisEndpoint = {
  method: 'GET',
  path: '/uapi/overseas-price/v1/quotations/price',
  trId: 'HHDFS00000300',
};

export async function getOverseasPrice(
  request: Request,
  stock: OverseasStock,
  options?: CallOptions,
): Promise<OverseasPrice> {
  const { exchange, symbol } = checkOverseasStock(stock);
  const reply = await request(endpoint, stockParams({ exchange, symbol }), options);
  const fields = readBlock(reply, 'output');
  if (isNothing(fields, 'last')) throw createUnknownError(describeStock(stock), reply);
  return {
    exchange,
    symbol,
    currentPrice: fields.number('last'),
    previousClose: fields.number('base'),
    changePrice: readChange(fields, 'diff', 'sign'),
    changeRate: readChange(fields, 'rate', 'sign'),
    decimalPlaces: readDecimalPlaces(fields),
    volume: fields.number('tvol'),
    tradingValue: fields.number('tamt'),
    timestampMs: reply.dateMs,
    raw: reply.body,
  };
}

export function readDecimalPlaces(fields: Fields): number {
  const places = fields.number('zdiv');
  if (!Number.isInteger(places) || places < 0 || places > 9) throw fields.fault('zdiv', 'a number of digits');
  return places;
}
