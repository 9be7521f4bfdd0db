import type { FakeSymbol } from '../market/symbols.ts';

/** A field of a record's tail and its width. */
export type Slot = readonly [name: string, width: number];

const slots = (text: string): readonly Slot[] =>
  text
    .trim()
    .split(/\s+/)
    .map((slot) => slot.split(':'))
    .map(([name = '', width]) => [name, Number(width)]);

/** What the three files have in common, from the base price to the price of the offering. */
const PRICE_TO_OFFERING = `
  기준가:9 매매수량단위:5 시간외수량단위:5 거래정지:1 정리매매:1 관리종목:1 시장경고:2 경고예고:1 불성실공시:1 우회상장:1 락구분:2 액면변경:2 증자구분:2
  증거금비율:3 신용가능:1 신용기간:3 전일거래량:12 액면가:12 상장일자:8 상장주수:15 자본금:21 결산월:2 공모가:7 우선주:1 공매도과열:1 이상급등:1 KRX300:1`;
const RESULTS = '매출액:9 영업이익:9 경상이익:9 당기순이익:5 ROE:9 기준년월:8 시가총액:9';
const LOANS = '회사신용한도초과:1 담보대출가능:1 대주가능:1';
const SECTORS = '시가총액규모:1 지수업종대분류:4 지수업종중분류:4 지수업종소분류:4';

/** The tails of the records of each market: 227, 221 and 184 characters. */
export const TAILS: Readonly<Record<FakeSymbol['market'], readonly Slot[]>> = {
  KOSPI: slots(`
    그룹코드:2 ${SECTORS} 제조업:1 저유동성:1 지배구조:1 KOSPI200업종:1 KOSPI100:1 KOSPI50:1 KRX:1 ETP:1 ELW발행:1 KRX100:1 자동차:1
    반도체:1 바이오:1 은행:1 SPAC:1 에너지화학:1 철강:1 단기과열:1 미디어통신:1 건설:1 Non1:1 증권:1 선박:1 보험:1 운송:1 SRI:1
    ${PRICE_TO_OFFERING} KOSPI:1 ${RESULTS} 그룹사코드:3 ${LOANS}`),
  KOSDAQ: slots(`
    그룹코드:2 ${SECTORS} 벤처기업:1 저유동성:1 KRX:1 ETP:1 KRX100:1 자동차:1 반도체:1 바이오:1 은행:1 SPAC:1 에너지화학:1 철강:1
    단기과열:1 미디어통신:1 건설:1 투자주의환기:1 증권:1 선박:1 보험:1 운송:1 KOSDAQ150:1
    ${PRICE_TO_OFFERING} ${RESULTS} 그룹사코드:3 ${LOANS}`),
  KONEX: slots(`그룹코드:2 ${PRICE_TO_OFFERING} ${RESULTS} ${LOANS}`),
};
