import type { ExchangeCode } from './exchanges.ts';

/** A stock or a fund that is listed abroad. */
export interface OverseasSymbol {
  readonly exchange: ExchangeCode;
  readonly symbol: string;
  readonly koreanName: string;
  readonly englishName: string;
  /** In Korean. */
  readonly sector: string;
  /** Of a fund: how many times the move of its index it makes; 0 of a company. */
  readonly leverage: number;
  /** In the exchange's currency: prices stay around it. */
  readonly usualPrice: number;
  readonly listedShares: number;
  /** How many are traded at once. */
  readonly lot: number;
  /** `YYYYMMDD`. */
  readonly listedOn: string;
  /** The last split: from this day on so many shares are what was one. */
  readonly split: readonly [date: string, ratio: number] | undefined;
}

type Row = readonly [
  symbol: string,
  koreanName: string,
  englishName: string,
  sector: string,
  usualPrice: number,
  /** In millions. */
  listedShares: number,
  listedOn: string,
  more?: { readonly lot?: number; readonly leverage?: number; readonly split?: OverseasSymbol['split'] },
];

const FUND = 'ETF';

/** Real names under their real symbols, with plausible figures. */
const ROWS: Readonly<Record<ExchangeCode, { readonly lot: number; readonly rows: readonly Row[] }>> = {
  NAS: {
    lot: 1,
    rows: [
      ['AAPL', '애플', 'APPLE INC', '컴퓨터 하드웨어', 228, 14_840, '19801212', { split: ['20200831', 4] }],
      ['MSFT', '마이크로소프트', 'MICROSOFT CORP', '소프트웨어', 425, 7_433, '19860313'],
      ['NVDA', '엔비디아', 'NVIDIA CORP', '반도체', 131, 24_300, '19990122', { split: ['20240610', 10] }],
      ['AMZN', '아마존닷컴', 'AMAZON.COM INC', '인터넷 소매', 196, 10_560, '19970515', { split: ['20220606', 20] }],
      ['GOOGL', '알파벳 A', 'ALPHABET INC-CL A', '인터넷 서비스', 172, 5_843, '20040819', { split: ['20220718', 20] }],
      ['META', '메타 플랫폼스', 'META PLATFORMS INC', '인터넷 서비스', 560, 2_180, '20120518'],
      ['TSLA', '테슬라', 'TESLA INC', '자동차', 262, 3_210, '20100629', { split: ['20220825', 3] }],
      ['AVGO', '브로드컴', 'BROADCOM INC', '반도체', 176, 4_687, '20090806', { split: ['20240715', 10] }],
      ['AMD', 'AMD', 'ADVANCED MICRO DEVICES', '반도체', 146, 1_622, '19720927'],
      ['INTC', '인텔', 'INTEL CORP', '반도체', 24, 4_310, '19711013'],
      ['COST', '코스트코 홀세일', 'COSTCO WHOLESALE CORP', '유통', 905, 443, '19851205'],
      ['QQQ', 'INVESCO QQQ TRUST', 'INVESCO QQQ TRUST SERIES 1', FUND, 498, 612, '19990310'],
    ],
  },
  NYS: {
    lot: 1,
    rows: [
      ['BRK/B', '버크셔 해서웨이 B', 'BERKSHIRE HATHAWAY INC-CL B', '보험', 458, 1_325, '19960509'],
      ['JPM', 'JP모간 체이스', 'JPMORGAN CHASE & CO', '은행', 224, 2_815, '19690305'],
      ['V', '비자', 'VISA INC-CLASS A', '금융 서비스', 290, 1_970, '20080319'],
      ['KO', '코카콜라', 'COCA-COLA CO/THE', '음료', 66, 4_307, '19190905'],
      ['DIS', '월트 디즈니', 'WALT DISNEY CO/THE', '미디어', 98, 1_811, '19571112'],
      ['XOM', '엑슨모빌', 'EXXON MOBIL CORP', '석유', 118, 4_395, '19700101'],
      ['TSM', 'TSMC(ADR)', 'TAIWAN SEMICONDUCTOR-SP ADR', '반도체', 190, 5_186, '19971008'],
      ['CPNG', '쿠팡', 'COUPANG INC', '인터넷 소매', 25, 1_780, '20210311'],
    ],
  },
  AMS: {
    lot: 1,
    rows: [
      ['SPY', 'SPDR S&P 500 ETF', 'SPDR S&P 500 ETF TRUST', FUND, 580, 1_010, '19930129'],
      ['VOO', 'VANGUARD S&P 500 ETF', 'VANGUARD S&P 500 ETF', FUND, 533, 1_020, '20100909'],
      ['SCHD', 'SCHWAB US DIVIDEND EQUITY ETF', 'SCHWAB US DIVIDEND EQUITY ETF', FUND, 28, 2_350, '20111020'],
      ['SOXL', 'DIREXION 반도체 3X', 'DIREXION DAILY SEMI BULL 3X', FUND, 33, 330, '20100311', { leverage: 3 }],
    ],
  },
  HKS: {
    lot: 100,
    rows: [
      ['00700', '텐센트 홀딩스', 'TENCENT HOLDINGS LTD', '인터넷 서비스', 412, 9_260, '20040616'],
      ['09988', '알리바바 그룹 홀딩', 'ALIBABA GROUP HOLDING LTD', '인터넷 소매', 98, 19_080, '20191126'],
      ['03690', '메이퇀', 'MEITUAN-CLASS B', '인터넷 서비스', 172, 6_090, '20180920'],
      ['01810', '샤오미 그룹', 'XIAOMI CORP-CLASS B', '전자', 26.5, 24_950, '20180709', { lot: 200 }],
      ['00005', 'HSBC 홀딩스', 'HSBC HOLDINGS PLC', '은행', 71.5, 18_230, '19910408', { lot: 400 }],
      ['00941', '차이나 모바일', 'CHINA MOBILE LTD', '통신', 72.5, 20_600, '19971023', { lot: 500 }],
    ],
  },
  TSE: {
    lot: 100,
    rows: [
      ['7203', '토요타자동차', 'TOYOTA MOTOR CORP', '자동차', 2_670, 15_795, '19490516', { split: ['20210929', 5] }],
      ['6758', '소니그룹', 'SONY GROUP CORP', '전자', 2_750, 6_150, '19581223', { split: ['20240927', 5] }],
      ['9984', '소프트뱅크그룹', 'SOFTBANK GROUP CORP', '통신', 9_150, 1_470, '19940722'],
      ['8035', '도쿄일렉트론', 'TOKYO ELECTRON LTD', '반도체', 23_800, 472, '19800618', { split: ['20230330', 3] }],
      ['7974', '닌텐도', 'NINTENDO CO LTD', '게임', 8_120, 1_299, '19830713', { split: ['20220929', 10] }],
    ],
  },
  SHS: {
    lot: 100,
    rows: [
      ['600519', '귀주모태주', 'KWEICHOW MOUTAI CO LTD-A', '음료', 1_580, 1_256, '20010827'],
      ['601318', '중국평안보험', 'PING AN INSURANCE GROUP CO-A', '보험', 54.3, 10_763, '20070301'],
      ['600036', '초상은행', 'CHINA MERCHANTS BANK-A', '은행', 38.2, 20_629, '20020409'],
    ],
  },
  SZS: {
    lot: 100,
    rows: [
      ['000858', '의빈오량액', 'WULIANGYE YIBIN CO LTD-A', '음료', 148, 3_882, '19980427'],
      ['002594', '비야디', 'BYD CO LTD-A', '자동차', 292, 1_812, '20110630'],
      ['000333', '미디아그룹', 'MIDEA GROUP CO LTD-A', '가전', 73.4, 6_980, '20130918'],
    ],
  },
  HSX: {
    lot: 100,
    rows: [
      ['VNM', '비나밀크', 'VIET NAM DAIRY PRODUCTS JSC', '식품', 66_500, 2_090, '20060119'],
      ['FPT', 'FPT', 'FPT CORP', 'IT 서비스', 134_000, 1_471, '20061213'],
      ['VIC', '빈그룹', 'VINGROUP JSC', '부동산', 41_500, 3_824, '20070919'],
      ['HPG', '호아팟그룹', 'HOA PHAT GROUP JSC', '철강', 26_700, 6_396, '20071115'],
    ],
  },
  HNX: {
    lot: 100,
    rows: [
      ['SHS', '사이공하노이증권', 'SAI GON - HA NOI SECURITIES', '증권', 14_500, 813, '20090625'],
      ['PVS', '페트로베트남기술서비스', 'PETROVIETNAM TECHNICAL SERVICES', '석유', 38_200, 478, '20070920'],
    ],
  },
};

/** Nasdaq first. */
export function createOverseasSymbols(): readonly OverseasSymbol[] {
  return Object.entries(ROWS).flatMap(([exchange, { lot, rows }]) =>
    rows.map(([symbol, koreanName, englishName, sector, usualPrice, millions, listedOn, more]) => ({
      exchange: exchange as ExchangeCode,
      symbol,
      koreanName,
      englishName,
      sector,
      leverage: more?.leverage ?? (sector === FUND ? 1 : 0),
      usualPrice,
      listedShares: millions * 1_000_000,
      lot: more?.lot ?? lot,
      listedOn,
      split: more?.split,
    })),
  );
}
