/** An answer in KIS's own words that the gateway gives by itself. */
export interface KisAnswer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** KIS's texts of the codes that the gateway uses. */
const TEXTS = {
  EGW00001: '일시적 오류가 발생했습니다.',
  EGW00002: '서버 에러가 발생했습니다.',
  EGW00101: '유효하지 않은 요청입니다.',
  EGW00102: 'AppKey는 필수입니다.',
  EGW00103: '유효하지 않은 AppKey입니다.',
  EGW00105: '유효하지 않은 AppSecret입니다.',
  EGW00115: '권한부여 타입(grant_type)은 필수입니다.',
  EGW00116: '지원하지 않는 권한부여 타입(grant_type)입니다.',
  EGW00121: '유효하지 않은 token 입니다.',
  EGW00123: '기간이 만료된 token 입니다.',
  EGW00133: '접근토큰 발급 잠시 후 다시 시도하세요(1분당 1회)',
  EGW00201: '초당 거래건수를 초과하였습니다.',
  EGW00202: 'GW라우팅 중 오류가 발생했습니다.',
  EGW00205: 'credentials_type이 유효하지 않습니다.(Bearer)',
  EGW00206: 'API 사용 권한이 없습니다.',
  EGW00302: '거래시간이 초과되었습니다. 직전 거래를 반드시 확인하세요.',
  EGW00304: '고객식별키(법인 personalSeckey, 개인 appSecret)가 유효하지 않습니다.',
  OPSQ0002: '없는 서비스 코드 입니다.',
} as const;

export type KisCode = keyof typeof TEXTS;

export interface Why {
  /** What the gateway knows beyond KIS's text, for people. ASCII, as headers are. */
  readonly reason?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** A refusal below /oauth2. */
export function oauthRefusal(code: KisCode, why: Why = {}): KisAnswer {
  return { status: 403, body: { error_description: TEXTS[code], error_code: code }, headers: explain(why) };
}

/** A refusal below /uapi. */
export function uapiRefusal(code: KisCode, why: Why = {}): KisAnswer {
  return { status: 500, body: { rt_cd: '1', msg_cd: code, msg1: TEXTS[code] }, headers: explain(why) };
}

export function isKisCode(code: string): code is KisCode {
  return Object.hasOwn(TEXTS, code);
}

function explain({ reason, retryAfterMs }: Why): Record<string, string> {
  return {
    ...(reason === undefined ? {} : { 'x-gateway-reason': reason }),
    ...(retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) }),
  };
}

/** KIS: a wall time of Korea without a zone, `2026-11-28 21:45:00`. */
export function koreanWallTime(ms: number): string {
  return new Date(ms + 9 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
}
