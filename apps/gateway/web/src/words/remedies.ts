import type { ProblemNote } from '../../../src/live/events.ts';
import type { Language } from './language.ts';

type Remedy = Readonly<Record<Language, string>>;

const badAppKey: Remedy = {
  ko: '앱키가 맞는지, 실전 키를 모의투자에(또는 반대로) 쓰고 있지 않은지 확인하세요. 게이트웨이는 고친 뒤 다시 시작해야 합니다.',
  en: 'Check the app key, and that a real key is not used on the virtual host or the other way round. Restart the gateway after the change.',
};
const badSecret: Remedy = {
  ko: '앱시크릿이 이 앱키의 것인지, 복사할 때 빈칸이나 줄바꿈이 붙지 않았는지 확인하세요.',
  en: 'Check that the secret belongs to this app key, and that no blank or line break came with it.',
};
const deadToken: Remedy = {
  ko: '게이트웨이가 토큰을 스스로 바꾸고 한 번 더 보냅니다. 되풀이되면 같은 키로 토큰을 발급하는 다른 프로그램이 있는지 찾아보세요.',
  en: 'The gateway replaces the token by itself and sends the call once more. If it keeps coming, look for another program that asks for tokens with the same key.',
};
const passes: Remedy = {
  ko: 'KIS 쪽의 일시적인 문제입니다. 조회는 게이트웨이가 다시 보냅니다. 오래 가면 KIS의 점검 공지를 확인하세요.',
  en: 'A passing trouble at KIS. The gateway sends reads again. If it lasts, look for a notice of maintenance at KIS.',
};
const lookUp: Remedy = {
  ko: '주문이었다면 이미 접수됐을 수 있습니다. 다시 보내기 전에 체결·미체결 내역을 확인하세요.',
  en: 'If it was an order it may have been taken: look it up before you send it again.',
};
const wrongCall: Remedy = {
  ko: '보낸 쪽의 경로·tr_id·파라미터를 KIS 문서와 대조하세요. 다시 보내도 답은 같습니다.',
  en: 'Compare path, tr_id and parameters of the caller with KIS’s documents. Sending it again changes nothing.',
};
const noRight: Remedy = {
  ko: 'KIS 포털에서 이 키의 API 신청 상태와 허용 IP를 확인하세요.',
  en: 'Check at KIS’s portal which APIs this key has applied for, and from which addresses.',
};

/** What to do about a code of KIS, or else about a `code` of ours. */
const remedies: Readonly<Record<string, Remedy>> = {
  EGW00133: {
    ko: '1분에 한 번 제한입니다. 게이트웨이가 기다렸다가 스스로 다시 묻습니다. 같은 키로 토큰을 발급하는 다른 프로그램을 이 게이트웨이로 돌리세요.',
    en: 'One token a minute. The gateway waits and asks again by itself. Point other programs that ask with the same key at this gateway.',
  },
  EGW00201: {
    ko: '게이트웨이 밖에서 같은 키로 호출하는 프로그램이 있습니다. 그 프로그램도 이 게이트웨이로 돌리거나 KIS_API_RATE_LIMIT을 낮추세요. 호출은 잠시 뒤 다시 보냅니다.',
    en: 'Something outside the gateway calls with the same key. Point it at this gateway too, or lower KIS_API_RATE_LIMIT. The call is sent again in a moment.',
  },
  EGW00215: {
    ko: '계좌 조회의 초당 제한입니다. 게이트웨이가 그 TR을 초당 한 번으로 늦춰 다시 보냅니다.',
    en: 'The limit of the accounts’ ledger. The gateway slows this TR to one a second and sends it again.',
  },
  EGW00102: badAppKey,
  EGW00103: badAppKey,
  EGW00104: badSecret,
  EGW00105: badSecret,
  EGW00304: badSecret,
  EGW00121: deadToken,
  EGW00122: deadToken,
  EGW00123: deadToken,
  EGW00301: lookUp,
  EGW00302: lookUp,
  OPSQ0008: lookUp,
  OPSQ0009: lookUp,
  EGW00004: noRight,
  EGW00206: noRight,
  EGW00207: noRight,
  EGW00303: noRight,
  EGW2004: {
    ko: '모의투자에 없는 TR입니다. 실전 키로 부르거나 다른 조회를 쓰세요.',
    en: 'The virtual host does not offer this TR. Use a real key, or another call.',
  },
  ERR_TOKEN_STORAGE: {
    ko: '토큰 저장소에 닿지 않습니다. 폴더의 권한과 남은 용량, 또는 Redis가 켜져 있는지 확인하세요. 가진 토큰으로 계속 응답합니다.',
    en: 'The token storage cannot be reached. Check the folder’s rights and free space, or whether Redis runs. The gateway goes on with the token that it has.',
  },
  ERR_TOKEN_ISSUE: {
    ko: 'KIS가 토큰을 주지 않았습니다. 발급 시도의 코드를 보세요. 게이트웨이가 간격을 지켜 다시 묻습니다.',
    en: 'KIS gave no token. See the code of the attempt. The gateway asks again when it may.',
  },
  ERR_RATE_LIMIT: {
    ko: '대기열이 가득 찼거나 너무 오래 기다렸습니다. 호출을 줄이거나 캐시를 쓰거나 여러 종목을 한 번에 물으세요.',
    en: 'The queue is full or the wait was too long. Call less, use the cache, or ask for many codes at once.',
  },
  ERR_CIRCUIT_OPEN: {
    ko: 'KIS가 잇달아 실패해 호출을 멈췄습니다. 차단기가 닫힐 때까지 기다리면 됩니다.',
    en: 'KIS failed several times in a row, and calls are stopped. Wait until the breaker closes.',
  },
  ERR_KIS_NETWORK: {
    ko: 'KIS에 닿지 않습니다. 이 서버의 인터넷·DNS·방화벽을 확인하세요. 주문이었다면 다시 보내기 전에 내역을 확인하세요.',
    en: 'KIS cannot be reached. Check this server’s network, DNS and firewall. If it was an order, look it up before you send it again.',
  },
  ERR_INTERNAL: {
    ko: '게이트웨이 자신의 잘못입니다. 같은 시각의 로그를 보고, 되풀이되면 그 줄과 함께 알려 주세요.',
    en: 'A fault of the gateway itself. See its log of that moment; if it comes again, report it with that line.',
  },
  ERR_KIS_RESPONSE: passes,
  ERR_UNSUPPORTED: wrongCall,
  ERR_KIS_API: wrongCall,
};

const passing =
  /^(EGW0000[12]|EGW0020[23]|EGW00300|EGW00316|IGW00009|OPSQ000[1-7]|OPSQ0010|OPSQ0011|OPSQ1002|OPSQ300\d)$/;
const wrong = /^(OPSQ|MCA|KIER|APBK)/;

export function remedyFor(problem: Pick<ProblemNote, 'code' | 'kisCode'>, language: Language): string {
  const { code, kisCode = '' } = problem;
  const byKis = remedies[kisCode] ?? (passing.test(kisCode) ? passes : wrong.test(kisCode) ? wrongCall : undefined);
  return (byKis ?? remedies[code] ?? passes)[language];
}
