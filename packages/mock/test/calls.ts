import type { FakeKis } from '../src/index.ts';

/** The fields of the oauth body and the headers of /uapi. */
export interface Keys extends Readonly<Record<string, string>> {
  readonly appkey: string;
  readonly appsecret: string;
}

export const KEYS: Keys = { appkey: 'PSa1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7', appsecret: 'testsecret+/='.repeat(13) };
export const OTHER_KEYS: Keys = {
  appkey: 'PSz9y8x7w6v5u4t3s2r1q0p9o8n7m6l5k4j3',
  appsecret: `T${'testsecret+/='.repeat(13)}`,
};

export const PRICE = '/uapi/domestic-stock/v1/quotations/inquire-price';
export const BOOK = '/uapi/domestic-stock/v1/quotations/inquire-asking-price-exp-ccn';
export const CHART = '/uapi/domestic-stock/v1/quotations/inquire-daily-itemchartprice';
export const MINUTES = '/uapi/domestic-stock/v1/quotations/inquire-time-itemchartprice';
export const PAST_MINUTES = '/uapi/domestic-stock/v1/quotations/inquire-time-dailychartprice';

const TR_IDS: Readonly<Record<string, string>> = {
  [PRICE]: 'FHKST01010100',
  [BOOK]: 'FHKST01010200',
  [CHART]: 'FHKST03010100',
  [MINUTES]: 'FHKST03010200',
  [PAST_MINUTES]: 'FHKST03010230',
};

/** A JSON object whose shape the test knows. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

export function post(path: string, body: unknown): Request {
  return new Request(`http://kis.test${path}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

export async function answerOf(response: Response): Promise<Answer> {
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

export async function tokenP(fake: FakeKis, fields: object = {}): Promise<Answer> {
  return answerOf(await fake.handle(post('/oauth2/tokenP', { grant_type: 'client_credentials', ...KEYS, ...fields })));
}

/** A token that the fake has just given out. */
export async function tokenOf(fake: FakeKis, keys: object = KEYS): Promise<string> {
  const { body } = await tokenP(fake, keys);
  if (typeof body.access_token !== 'string') throw new Error(`no token: ${JSON.stringify(body)}`);
  return body.access_token;
}

export function uapiRequest(
  path: string,
  params: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>>,
): Request {
  return new Request(`http://kis.test${path}?${new URLSearchParams(params)}`, {
    headers: { ...KEYS, tr_id: TR_IDS[path] ?? '', custtype: 'P', ...headers },
  });
}

/** A market data call with a token. */
export async function uapi(
  fake: FakeKis,
  token: string,
  path: string,
  params: Readonly<Record<string, string>> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const all = { FID_COND_MRKT_DIV_CODE: 'J', FID_INPUT_ISCD: '005930', ...params };
  return answerOf(await fake.handle(uapiRequest(path, all, { authorization: `Bearer ${token}`, ...headers })));
}

export type Row = Readonly<Record<string, string>>;

/** A block of an answer. */
export function block(answer: Answer, name: string): Row {
  return answer.body[name] as Row;
}

/** The rows of an answer. */
export function rows(answer: Answer, name = 'output2'): readonly Row[] {
  return answer.body[name] as readonly Row[];
}
