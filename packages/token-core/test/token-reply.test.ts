import { describe, expect, test } from 'vitest';
import { TokenIssueError } from '../src/errors.ts';
import { readTokenReply } from '../src/token-reply.ts';

const AT = Date.parse('2026-11-20T00:00:00Z');
const segment = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (payload: unknown) => `${segment({ typ: 'JWT', alg: 'HS512' })}.${segment(payload)}.${'s'.repeat(86)}`;
const good = {
  access_token: jwt({ iat: AT / 1000 - 5 }),
  access_token_token_expired: '2026-11-21 08:59:55',
  token_type: 'Bearer',
  expires_in: 86_400,
};

function read(body: unknown, status = 200) {
  return readTokenReply({ status, text: typeof body === 'string' ? body : JSON.stringify(body), atMs: AT });
}
function refusal(body: unknown, status = 200): TokenIssueError {
  try {
    read(body, status);
  } catch (error) {
    if (error instanceof TokenIssueError) return error;
  }
  throw new Error('no TokenIssueError');
}

describe('the reply of tokenP', () => {
  test('its expiry is a wall time of Korea, in whatever zone the host runs', () => {
    const zone = process.env.TZ;
    try {
      for (const TZ of ['UTC', 'America/New_York', 'Asia/Seoul', 'Pacific/Kiritimati']) {
        process.env.TZ = TZ;
        expect(read(good).expiresAtMs).toBe(Date.parse('2026-11-20T23:59:55Z'));
      }
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  test('`expires_in` counts only where the wall time is absent', () => {
    expect(read({ ...good, expires_in: 1 }).expiresAtMs).toBe(Date.parse('2026-11-20T23:59:55Z'));
    const { access_token_token_expired: _, ...without } = good;
    expect(read(without).expiresAtMs).toBe(AT + 86_400_000);
    expect(read({ ...without, expires_in: '7200' }).expiresAtMs).toBe(AT + 7_200_000);
  });

  test("the moment of issue is the JWT's `iat`, else that of the reply", () => {
    expect(read(good).issuedAtMs).toBe(AT - 5_000);
    for (const access_token of [jwt({}), jwt({ iat: 'x' }), 'a'.repeat(120), `..${'a'.repeat(120)}`]) {
      expect(read({ ...good, access_token }).issuedAtMs).toBe(AT);
    }
  });

  test.each([
    ['oauth', { error_code: 'EGW00133', error_description: '접근토큰 발급 잠시 후 다시 시도하세요(1분당 1회)' }, 403],
    ['data', { rt_cd: '1', msg_cd: 'EGW00103', msg1: '유효하지 않은 AppKey입니다.' }, 200],
  ])('a refusal in the %s shape is one, whatever the HTTP status', (_, body, status) => {
    const code = 'error_code' in body ? body.error_code : body.msg_cd;
    expect(refusal(body, status)).toMatchObject({ code: 'ERR_TOKEN_ISSUE', kisCode: code, status });
  });

  test.each([
    ['HTML', '<html>점검중</html>', 503],
    ['nothing', '', 200],
    ['an array', '[]', 200],
    ['null', 'null', 200],
    ['an error status without a code', { message: 'x' }, 500],
    ['no token', { ...good, access_token: undefined }, 200],
    ['a token of 100 characters', { ...good, access_token: 'a'.repeat(100) }, 200],
    ['a token that no header can carry', { ...good, access_token: `${'a'.repeat(120)}\r\nx: y` }, 200],
    ['no expiry', { access_token: good.access_token }, 200],
    ['an expiry that is no time', { ...good, access_token_token_expired: 'tomorrow' }, 200],
    ['a date that does not exist', { ...good, access_token_token_expired: '2026-13-45 00:00:00' }, 200],
    ['a negative life', { access_token: good.access_token, expires_in: -5 }, 200],
  ])('%s is a TokenIssueError with the status', (_, body, status) => {
    expect(refusal(body, status)).toMatchObject({ status, kisCode: undefined });
  });

  test('no error quotes the reply, which may hold a token', () => {
    for (const body of [`{"access_token":"${good.access_token}"`, { ...good, access_token_token_expired: 'x' }]) {
      expect(JSON.stringify(refusal(body)) + refusal(body).stack).not.toContain(good.access_token.slice(0, 40));
    }
  });
});
