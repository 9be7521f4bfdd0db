/** An index of the exchange: of a market, of the 200 largest, or of sectors. */
export interface IndexEntry {
  /** KIS: `bstp_cls_code`. */
  readonly code: string;
  /** KIS: `hts_kor_isnm`. */
  readonly name: string;
  readonly of: 'KOSPI' | 'KOSDAQ' | 'KOSPI200' | readonly string[];
  /** In points. */
  readonly usualPoints: number;
  /** In millions of shares. */
  readonly usualVolume: number;
  /** Of a traded share, in won. */
  readonly usualShare: number;
}

const sector = (
  code: string,
  sectors: readonly string[],
  usualPoints: number,
  usualVolume: number,
  usualShare: number,
): IndexEntry => ({ code, name: sectors[0] ?? '', of: sectors, usualPoints, usualVolume, usualShare });

/** The three that everybody asks for, and the sectors of KOSPI. */
export const INDEX_LIST: readonly IndexEntry[] = [
  { code: '0001', name: '종합', of: 'KOSPI', usualPoints: 2_720, usualVolume: 480, usualShare: 21_000 },
  { code: '1001', name: 'KOSDAQ', of: 'KOSDAQ', usualPoints: 850, usualVolume: 950, usualShare: 8_200 },
  { code: '2001', name: 'KOSPI200', of: 'KOSPI200', usualPoints: 365, usualVolume: 130, usualShare: 58_000 },
  sector('0005', ['음식료.담배'], 4_200, 9, 24_000),
  sector('0008', ['화학'], 5_300, 28, 31_000),
  sector('0009', ['제약'], 14_800, 21, 29_000),
  sector('0011', ['금속'], 5_100, 24, 26_000),
  sector('0012', ['기계.장비'], 1_150, 52, 17_000),
  sector('0013', ['전기.전자'], 27_600, 66, 62_000),
  sector('0015', ['운송장비.부품'], 2_350, 38, 41_000),
  sector('0016', ['유통'], 410, 19, 18_000),
  sector('0017', ['전기.가스'], 820, 11, 19_000),
  sector('0018', ['건설'], 68, 23, 11_000),
  sector('0019', ['운송.창고'], 1_620, 17, 16_000),
  sector('0020', ['통신'], 390, 4, 33_000),
  sector('0021', ['금융', '기타금융', '증권', '보험'], 520, 36, 27_000),
  sector('0024', ['증권'], 2_180, 14, 14_000),
  sector('0025', ['보험'], 21_900, 6, 46_000),
  sector('0026', ['일반서비스'], 1_140, 18, 22_000),
  sector('0029', ['IT 서비스'], 1_070, 12, 64_000),
  sector('0030', ['오락.문화'], 980, 5, 37_000),
];
