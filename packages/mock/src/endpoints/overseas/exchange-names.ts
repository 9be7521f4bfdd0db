import type { Currency, ExchangeCode } from '../../overseas/exchanges.ts';
import type { Country } from '../../overseas/holidays.ts';

/** How KIS's back office names an exchange. */
export interface ExchangeNames {
  readonly exchange: ExchangeCode;
  /** KIS: `prdt_type_cd`. */
  readonly productType: string;
  /** Whether it is what Hong Kong trades in other currencies than its own. */
  readonly isForeignCurrency: boolean;
  /** KIS: `tr_mket_cd`. */
  readonly marketCode: string;
  /** KIS: `tr_mket_name`. */
  readonly marketName: string;
  /** KIS: `ovrs_excg_cd`. */
  readonly orderCode: string;
  /** The letters that Bloomberg puts behind a symbol. KIS: `blbg_tckr_text`. */
  readonly bloomberg: string;
}

export const EXCHANGE_NAMES: readonly ExchangeNames[] = (
  [
    ['NAS', '512', '01', '나스닥', 'NASD', 'US'],
    ['NYS', '513', '02', '뉴욕거래소', 'NYSE', 'US'],
    ['AMS', '529', '05', '아멕스', 'AMEX', 'US'],
    ['TSE', '515', '01', '도쿄거래소', 'TKSE', 'JP'],
    ['HKS', '501', '01', '홍콩거래소', 'SEHK', 'HK'],
    ['HKS', '543', '02', '홍콩CNY', 'SEHK', 'HK'],
    ['HKS', '558', '03', '홍콩USD', 'SEHK', 'HK'],
    ['HNX', '507', '01', '하노이거래소', 'HASE', 'VN'],
    ['HSX', '508', '02', '호치민거래소', 'VNSE', 'VN'],
    ['SHS', '551', '01', '상해A', 'SHAA', 'CH'],
    ['SZS', '552', '02', '심천A', 'SZAA', 'CH'],
  ] as const
).map(([exchange, productType, marketCode, marketName, orderCode, bloomberg]) => ({
  exchange,
  productType,
  isForeignCurrency: productType === '543' || productType === '558',
  marketCode,
  marketName,
  orderCode,
  bloomberg,
}));

/** KIS: `natn_cd` and `tr_natn_cd`, `natn_name`, `natn_eng_abrv_cd`. */
export const COUNTRY_NAMES: Readonly<Record<Country, { readonly code: string; readonly name: string }>> = {
  US: { code: '840', name: '미국' },
  JP: { code: '392', name: '일본' },
  HK: { code: '344', name: '홍콩' },
  VN: { code: '704', name: '베트남' },
  CN: { code: '156', name: '중국' },
};

/** KIS: `crcy_name`. */
export const CURRENCY_NAMES: Readonly<Record<Currency, string>> = {
  USD: '미국 달러',
  HKD: '홍콩 달러',
  JPY: '일본 엔',
  CNY: '중국 위안',
  VND: '베트남 동',
};
