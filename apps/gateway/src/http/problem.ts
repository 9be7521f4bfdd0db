import { STATUS_CODES } from 'node:http';

/** What went wrong, as RFC 9457 wants it told. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Ours, such as `ERR_KIS_API`. */
  readonly code: string;
  /** KIS: `msg_cd` or `error_code`. */
  readonly kisCode?: string | undefined;
  readonly trId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

export function createProblem(
  status: number,
  code: string,
  detail: string,
  { retryAfterMs, ...more }: Pick<Problem, 'kisCode' | 'trId' | 'retryAfterMs'> = {},
): Problem {
  const title = STATUS_CODES[status] ?? 'Error';
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs: Math.ceil(retryAfterMs) };
  return { type: 'about:blank', title, status, detail, code, ...more, ...wait };
}

/** What the errors of the client, of its parts and of Fastify bear. */
interface Failure {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly statusCode?: number;
  readonly status?: number;
  readonly kisCode?: string | undefined;
  readonly trId?: string;
  readonly retryAfterMs?: number | undefined;
  readonly waitMs?: number;
}

/** Messages of the client show no secret; those of what is not known may, and are not told. */
export function problemOf(error: unknown): Problem {
  const { name, code = '', message = '', statusCode, kisCode, trId, retryAfterMs, waitMs } = error as Failure;
  const told = { kisCode: kisCode || undefined, trId, retryAfterMs: retryAfterMs ?? waitMs };
  switch (code) {
    case 'ERR_KIS_API':
      return createProblem(statusOf(error as Failure), code, message, told);
    case 'ERR_KIS_RESPONSE':
      return createProblem(502, code, message, told);
    case 'ERR_KIS_NETWORK':
      return createProblem(504, code, message, told);
    case 'ERR_NO_ACCOUNT':
      return createProblem(404, code, message);
    case 'ERR_UNSUPPORTED':
      return createProblem(422, code, message);
    case 'ERR_RATE_LIMIT':
      return createProblem(429, code, message, told);
    case 'ERR_CIRCUIT_OPEN':
    case 'ERR_GATEWAY_ENDS':
    case 'ERR_TOKEN_ISSUE':
      return createProblem(503, code, message, told);
    case 'ERR_TOKEN_STORAGE':
      return createProblem(503, code, 'The token storage fails; the log says why', told);
  }
  if (/^client: /.test(message) && (name === 'TypeError' || name === 'RangeError')) {
    return createProblem(400, 'ERR_BAD_REQUEST', message.replace('client: ', ''));
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return createProblem(statusCode, 'ERR_BAD_REQUEST', message);
  }
  return createProblem(500, 'ERR_INTERNAL', 'Something is wrong with the gateway itself; its log says what');
}

/** KIS's refusals: what it does not know, what it does not take, what it fails at. */
function statusOf({ message = '', kisCode = '' }: Failure): number {
  if (message.startsWith('KIS knows no ') || kisCode === 'KIER2620') return 404;
  if (kisCode === 'EGW00201' || kisCode === 'EGW00215') return 429;
  // Of the gateway and the services behind it, but for what they say of the input; all else is business.
  return /^(?:EGW|IGW|OPSQ(?!2)|$)/.test(kisCode) ? 502 : 422;
}
