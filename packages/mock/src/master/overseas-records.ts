import type { Country } from '../overseas/holidays.ts';
import type { OverseasQuote, OverseasStock } from '../overseas/overseas-market.ts';

/** KIS's number and name of an exchange. */
const EXCHANGES: Readonly<Record<string, readonly [id: string, name: string]>> = {
  NAS: ['22', '나스닥'],
  NYS: ['21', '뉴욕'],
  AMS: ['23', '아멕스'],
  HKS: ['31', '홍콩'],
  TSE: ['41', '도쿄'],
  SHS: ['51', '상해'],
  SZS: ['52', '심천'],
  HSX: ['61', '호치민'],
  HNX: ['62', '하노이'],
};
const COUNTRY_CODES: Readonly<Record<Country, string>> = { US: 'US', HK: 'HK', JP: 'JP', CN: 'CN', VN: 'VN' };

/** One line of a file of an exchange abroad: 24 columns with tabs between them. */
export function overseasRecord({ symbol, exchange }: OverseasStock, { basePrice }: OverseasQuote): string {
  const { venue, decimals, country } = exchange;
  const [id, name] = EXCHANGES[exchange.code] ?? ['', ''];
  const isFund = symbol.leverage > 0;
  return [
    COUNTRY_CODES[country],
    id,
    exchange.code,
    name,
    symbol.symbol,
    `${exchange.code}${symbol.symbol}`,
    symbol.koreanName,
    symbol.englishName,
    isFund ? '3' : '2',
    exchange.currency,
    String(decimals),
    '0',
    (basePrice / 10 ** decimals).toFixed(decimals),
    String(symbol.lot),
    String(symbol.lot),
    timeText(venue.openMs),
    timeText(venue.openMs + venue.closeMinute * 60_000),
    'N',
    '',
    '000',
    '0',
    '0',
    isFund ? '001' : '',
    '0',
  ].join('\t');
}

/** HHMM. */
function timeText(ofDayMs: number): string {
  return new Date(ofDayMs).toISOString().slice(11, 16).replace(':', '');
}
