import { unit } from './noise.ts';
import { tickNear } from './ticks.ts';
import { WELL_KNOWN } from './well-known.ts';

/** A stock that the fake market knows. */
export interface FakeSymbol {
  /** Six characters, or `Q` and six for an ETN. KIS: `stck_shrn_iscd`. */
  readonly code: string;
  /** KIS: `hts_kor_isnm`. */
  readonly name: string;
  /** KIS tells it by `rprs_mrkt_kor_name`, and by `mket_id_cd` (STK, KSQ, KNX). */
  readonly market: 'KOSPI' | 'KOSDAQ' | 'KONEX';
  /** KIS: `bstp_kor_isnm`. */
  readonly sector: string;
  /** In won: the walk stays around it. */
  readonly usualPrice: number;
  /** KIS: `lstn_stcn`. */
  readonly listedShares: number;
  /** In won; 0 where there is none. KIS: `stck_fcam`. */
  readonly faceValue: number;
}

const FIRST_WORDS =
  '한빛 대성 동해 서린 미래 태산 우진 세명 동방 신우 금강 백두 한라 청솔 가온 나래 다온 라온 마루 바른 사람 아라 자연 차오름 하람 누리 두레 모아 보람 소담 예성 은하 정인 초록 태평 푸른 해오름 거성 건우 경동 고려원 광성 국제 남해 노을 대륙 덕산 도원 동림 명성 무진 범아 삼화 상록 성원 세종 송림 수성 승일 신화'.split(
    ' ',
  );
const LAST_WORDS =
  '전자 화학 제약 바이오 테크 소재 반도체 디스플레이 건설 산업 물산 상사 식품 제지 철강 금속 기계 정밀 로봇 모빌리티 에너지 솔루션 소프트 게임즈 엔터 미디어 홀딩스 캐피탈 증권 보험 물류 해운 항공 통신 네트웍스 시스템 메디칼 헬스케어 화장품 패션 교육 환경 전선 조선 오토텍'.split(
    ' ',
  );
const SECTORS = '전기.전자|화학|제약|기계.장비|금속|유통|건설|IT 서비스|일반서비스|음식료.담배'.split('|');
const MARKETS = { K: 'KOSPI', Q: 'KOSDAQ', N: 'KONEX' } as const;

/** A plausible company for the n-th place after the well-known ones: the same at every start and with every seed. */
function generated(n: number, code: string): FakeSymbol {
  const first = FIRST_WORDS[n % FIRST_WORDS.length];
  const last = LAST_WORDS[Math.floor(n / FIRST_WORDS.length) % LAST_WORDS.length];
  const round = Math.floor(n / (FIRST_WORDS.length * LAST_WORDS.length));
  return {
    code,
    name: `${first}${last}${round === 0 ? '' : round + 1}`,
    market: n % 3 === 0 ? 'KOSPI' : 'KOSDAQ',
    sector: SECTORS[n % SECTORS.length] ?? '',
    usualPrice: tickNear(1_500 * 100 ** unit(n, 0, 1)),
    listedShares: Math.round(5_000_000 * 30 ** unit(n, 0, 2)),
    faceValue: n % 4 === 0 ? 5_000 : 500,
  };
}

/** So many stocks, the well-known ones first; no code and no name comes twice. */
export function createSymbols(count: number): readonly FakeSymbol[] {
  const symbols: FakeSymbol[] = WELL_KNOWN.slice(0, count).map(
    ([code, name, sector, market, usualPrice, listedShares, faceValue]) => ({
      code,
      name,
      market: MARKETS[market],
      sector,
      usualPrice,
      listedShares,
      faceValue,
    }),
  );
  const taken = new Set(symbols.map(({ code }) => code));
  for (let n = 0; symbols.length < count; n++) {
    // 7,919 has no factor in common with 48,000, so the codes of ordinary shares (they end with 0) come once each.
    const code = `${((n * 7_919) % 48_000) * 10 + 2_000}`.padStart(6, '0');
    if (!taken.has(code)) symbols.push(generated(n, code));
  }
  return symbols;
}
