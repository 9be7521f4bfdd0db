/** KIS's texts for its codes, from the code table of its FAQ. */
const TEXTS: Readonly<Record<string, string>> = {
  '40100000': '모의투자 영업일이 아닙니다.',
  '40270000': '모의투자 상/하한가 오류입니다.',
  '40310000': '모의투자 주문수량/잔고 오류입니다.',
  '40570000': '모의투자 장시작전 입니다.',
  '40580000': '모의투자 장종료 입니다.',
  APAC0081: '계좌번호 입력 오류입니다',
  APBK0013: '주문 전송 완료 되었습니다.',
  APBK0400: '주문 가능한 수량을 초과했습니다',
  APBK0656: '해당 종목정보가 없습니다',
  APBK0918: '장운영시간이 아닙니다',
  APBK0919: '장운영일자가 주문일과 상이합니다',
  APBK0952: '주문가능금액을 초과 했습니다',
  APBK1234: '보유수량이 부족합니다',
  APBK1943: '시장가호가불가로 주문이 불가합니다.',
  EGW00001: '일시적 오류가 발생했습니다.',
  EGW00002: '서버 에러가 발생했습니다.',
  EGW00003: '접근이 거부되었습니다.',
  EGW00004: '권한을 부여받지 않은 고객입니다.',
  EGW00101: '유효하지 않은 요청입니다.',
  EGW00102: 'AppKey는 필수입니다.',
  EGW00103: '유효하지 않은 AppKey입니다.',
  EGW00104: 'AppSecret은 필수입니다.',
  EGW00105: '유효하지 않은 AppSecret입니다.',
  EGW00115: '권한부여 타입(grant_type)은 필수입니다.',
  EGW00116: '지원하지 않는 권한부여 타입(grant_type)입니다.',
  EGW00121: '유효하지 않은 token 입니다.',
  EGW00122: 'token을 찾을 수 없습니다.',
  EGW00123: '기간이 만료된 token 입니다.',
  EGW00132: 'Content-Type이 유효하지 않습니다.',
  EGW00133: '접근토큰 발급 잠시 후 다시 시도하세요(1분당 1회)',
  EGW00201: '초당 거래건수를 초과하였습니다.',
  EGW00202: 'GW라우팅 중 오류가 발생했습니다.',
  EGW00203: 'OPS라우팅 중 오류가 발생했습니다.',
  EGW00205: 'credentials_type이 유효하지 않습니다.(Bearer)',
  EGW00206: 'API 사용 권한이 없습니다.',
  EGW00207: 'IP 주소가 없거나 유효하지 않습니다.',
  EGW00213: '모의투자 tr이 아닙니다.',
  EGW00215: '원장에서 허용 가능한 초당 거래건수를 초과하였습니다.',
  EGW00300: 'Gateway 라우팅 오류가 발생했습니다.',
  EGW00301: '연결 시간이 초과되었습니다. 직전 거래를 반드시 확인하세요.',
  EGW00302: '거래시간이 초과되었습니다. 직전 거래를 반드시 확인하세요.',
  EGW00304: '고객식별키(법인 personalSeckey, 개인 appSecret)가 유효하지 않습니다.',
  EGW00316: '조회 처리 중 오류 발생하였습니다. 재 조회 수행 부탁드립니다.',
  EGW2004: '모의투자 TR 이 아닙니다.',
  IGW00009: '응답전문 구성 중 오류가 발생하였습니다.',
  KIER2620: '조회할 자료가 없습니다',
  KIOK0460: '조회 되었습니다. (마지막 자료)',
  KIOK0500: '조회가 계속됩니다..다음버튼을 Click 하십시오.',
  KIOK0510: '조회가 완료되었습니다',
  KIOK0530: '조회되었습니다',
  KIOK0560: '조회할 내용이 없습니다',
  MCA00000: '정상처리 되었습니다.',
  MCA05918: '종목코드 오류입니다.',
  OPSQ0001: '호출 전처리 오류 입니다.',
  OPSQ0002: '없는 서비스 코드 입니다.',
  OPSQ0003: '호출 오류 입니다.',
  OPSQ0008: '호출 후처리(MCI전송) 오류 입니다.',
  OPSQ0009: '호출 후처리(MCI수신) 오류 입니다.',
  OPSQ1002: 'SESSION FULL',
  OPSQ2000: 'ERROR : INPUT INVALID_CHECK_ACNO',
  OPSQ2001: 'ERROR : INPUT INVALID_CHECK_MRKT_DIV_CODE',
  OPSQ2002: 'ERROR : INPUT INVALID_CHECK_FIELD_LENGTH',
  OPSQ9997: 'JSON PARSING ERROR : invalid json format',
};

/** The text that comes with a code: padded to 80 bytes where it is a business text, empty for an unknown code. KIS: `msg1`. */
export function textOf(kisCode: string): string {
  const text = TEXTS[kisCode] ?? '';
  const isPadded = returnCodeOf(kisCode) === '7' || kisCode.startsWith('KIOK');
  if (!isPadded) return text;
  // KIS counts in cp949, in which a Korean letter takes two bytes.
  const bytes = Array.from(text).reduce((sum, letter) => sum + (letter > '\u007f' ? 2 : 1), 0);
  return text + ' '.repeat(Math.max(0, 80 - bytes));
}

/** KIS: `rt_cd`. `0` success, `1` gateway or system, `2` input, `7` business. */
export function returnCodeOf(kisCode: string): string {
  if (kisCode === 'MCA00000' || kisCode === 'APBK0013' || kisCode.startsWith('KIOK')) return '0';
  if (kisCode.startsWith('OPSQ2')) return '2';
  return /^(EGW|IGW|OPSQ|40\d{6}$)/.test(kisCode) ? '1' : '7';
}
