import { TokenIssueError } from './errors.ts';
import type { Token } from './ports.ts';

/** What came back from `POST /oauth2/tokenP`. */
export interface TokenReply {
  readonly status: number;
  readonly text: string;
  /** The reply's `Date` header, else the local wall clock. Epoch milliseconds. */
  readonly atMs: number;
  /** The `Date` header. */
  readonly serverDateMs?: number | undefined;
}

/**
 * Reads a token out of KIS's reply, whatever the HTTP status says.
 *
 * @throws TokenIssueError with status, `serverDateMs` and, where KIS gave one, its `error_code`.
 */
export function readTokenReply(reply: TokenReply): Token {
  const { status, serverDateMs } = reply;
  const details = { status, serverDateMs };
  const body = readJsonObject(reply);
  const kisCode = stringField(body, 'error_code') ?? stringField(body, 'msg_cd');
  if (kisCode !== undefined) {
    const description = stringField(body, 'error_description') ?? stringField(body, 'msg1') ?? '';
    throw new TokenIssueError(`KIS refused to issue a token: ${kisCode} ${description.trim().slice(0, 200)}`.trim(), {
      ...details,
      kisCode,
    });
  }
  if (status >= 400) throw new TokenIssueError(`KIS answered HTTP ${status} instead of a token`, details);

  const value = stringField(body, 'access_token');
  if (value === undefined || value.length <= 100 || !/^[\x21-\x7e]+$/.test(value)) {
    const got = value === undefined ? 'none' : `${value.length} characters`;
    throw new TokenIssueError(`KIS's reply holds no usable \`access_token\` (over 100 characters): ${got}`, details);
  }
  const expiresAtMs = readExpiry(body, reply.atMs);
  if (expiresAtMs === undefined) {
    throw new TokenIssueError(
      "KIS's reply holds no readable `access_token_token_expired` and no `expires_in`",
      details,
    );
  }
  return { value, issuedAtMs: readIssuedAt(value) ?? reply.atMs, expiresAtMs };
}

function readJsonObject({ status, text, serverDateMs }: TokenReply): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  } catch {
    // Maintenance pages are HTML; the text is not quoted because it may be anything.
  }
  throw new TokenIssueError(`KIS answered HTTP ${status} with something other than a JSON object`, {
    status,
    serverDateMs,
  });
}

function stringField(body: Record<string, unknown>, name: string): string | undefined {
  const value = body[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

// `expires_in` stays at a full day when KIS repeats a token, so it overstates what is left.
function readExpiry(body: Record<string, unknown>, atMs: number): number | undefined {
  const wallTime = stringField(body, 'access_token_token_expired');
  if (wallTime !== undefined) return readKoreanTime(wallTime);
  const seconds = Number(body.expires_in);
  return Number.isFinite(seconds) && seconds > 0 ? atMs + seconds * 1000 : undefined;
}

/** Epoch milliseconds of `YYYY-MM-DD HH:MM:SS` in Korea, which has had no daylight saving since 1988. */
function readKoreanTime(text: string): number | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})$/.exec(text.trim());
  if (match === null) return undefined;
  const ms = Date.parse(`${match[1]}T${match[2]}+09:00`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** The JWT's `iat`, if the token is one. Epoch milliseconds. */
function readIssuedAt(value: string): number | undefined {
  try {
    const payload: unknown = JSON.parse(Buffer.from(value.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const iat = (payload as { iat?: unknown }).iat;
    return typeof iat === 'number' && Number.isFinite(iat) ? iat * 1000 : undefined;
  } catch {
    return undefined;
  }
}
