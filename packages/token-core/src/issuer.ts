import { type KisEnvironment, kisBaseUrls } from './environment.ts';
import { TokenIssueError } from './errors.ts';
import { wasNeverSent } from './never-sent.ts';
import { checkAppKey, checkAppSecret, checkBaseUrl, checkDuration, checkEnvironment } from './options.ts';
import type { Token, TokenIssuer } from './ports.ts';
import { readTokenReply } from './token-reply.ts';

/** The part of `fetch` that the issuer needs, so that undici's fits as well as the platform's. */
export type IssuerFetch = (
  url: string,
  init: {
    readonly method: 'GET' | 'POST';
    readonly headers: Record<string, string>;
    /** Of a POST. */
    readonly body?: string;
    readonly signal: AbortSignal;
    /** A redirect would carry the app secret to another host, and bring another's time. */
    readonly redirect: 'error' | 'manual';
  },
) => Promise<{
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}>;

export interface KisIssuerOptions {
  readonly appKey: string;
  readonly appSecret: string;
  readonly environment: KisEnvironment;
  /** Default: KIS's own origin of the environment. */
  readonly baseUrl?: string | undefined;
  /** Default: the platform's `fetch`. */
  readonly fetch?: IssuerFetch | undefined;
  /** For the whole exchange. Default 10,000. */
  readonly timeoutMs?: number | undefined;
}

type Question = Omit<Parameters<IssuerFetch>[1], 'signal'>;

interface Reply {
  readonly status: number;
  readonly text: string;
  readonly serverDateMs: number | undefined;
}

/**
 * Asks KIS itself: `POST /oauth2/tokenP` to issue, `POST /oauth2/revokeP` to revoke.
 * Use it through a token manager; a bare issuer keeps none of KIS's rules.
 *
 * @throws TypeError, RangeError naming the option that is wrong. Its methods reject with TokenIssueError.
 */
export function createKisIssuer(options: KisIssuerOptions): TokenIssuer {
  const appKey = checkAppKey(options.appKey);
  const appSecret = checkAppSecret(options.appSecret);
  const base = checkBaseUrl(options.baseUrl ?? kisBaseUrls[checkEnvironment(options.environment)]);
  const timeoutMs = checkDuration('timeoutMs', options.timeoutMs, 10_000, 1);
  const fetch: IssuerFetch = options.fetch ?? globalThis.fetch;

  async function ask(path: string, init: Question, signal: AbortSignal | undefined): Promise<Reply> {
    const deadline = startDeadline(timeoutMs);
    try {
      const response = await fetch(new URL(path, base).href, {
        ...init,
        signal: signal === undefined ? deadline.signal : AbortSignal.any([signal, deadline.signal]),
      });
      // Of a GET the headers are all that is wanted: a body that never ends is not waited for.
      const text = init.method === 'GET' ? '' : await response.text();
      const serverDateMs = Date.parse(response.headers.get('date') ?? '');
      return { status: response.status, text, serverDateMs: Number.isNaN(serverDateMs) ? undefined : serverDateMs };
    } catch (cause) {
      if (signal?.aborted) throw signal.reason;
      const why = deadline.signal.aborted
        ? `no answer within ${timeoutMs} ms`
        : `${causeCode(cause) ?? 'network error'}`;
      throw new TokenIssueError(`KIS could not be asked at ${base.origin}${path}: ${why}`, {
        cause,
        mayHaveArrived: !wasNeverSent(cause),
      });
    } finally {
      deadline.end();
    }
  }

  const post = (path: string, body: Record<string, string>, signal: AbortSignal | undefined): Promise<Reply> =>
    ask(
      path,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify(body),
        redirect: 'error',
      },
      signal,
    );

  return {
    timeoutMs,
    async issue({ signal }) {
      const reply = await post(
        '/oauth2/tokenP',
        { grant_type: 'client_credentials', appkey: appKey, appsecret: appSecret },
        signal,
      );
      const { serverDateMs } = reply;
      return { token: readTokenReply({ ...reply, atMs: serverDateMs ?? Date.now() }), serverDateMs };
    },
    async revoke(token: Token, { signal }) {
      const reply = await post('/oauth2/revokeP', { appkey: appKey, appsecret: appSecret, token: token.value }, signal);
      const { code, error_code } = tryJson(reply.text);
      if (reply.status >= 400 || error_code !== undefined || Number(code) !== 200) {
        throw new TokenIssueError(`KIS did not revoke the token: HTTP ${reply.status}`, {
          status: reply.status,
          kisCode: typeof error_code === 'string' ? error_code : undefined,
          serverDateMs: reply.serverDateMs,
        });
      }
    },
    async serverDateMs({ signal }) {
      // Whatever lies there, and whatever KIS says to it: what is wanted stands in each reply that is KIS's own.
      const init = { method: 'GET', headers: { 'cache-control': 'no-cache' }, redirect: 'manual' } as const;
      const rest = new AbortController();
      const { status, serverDateMs } = await ask(
        '/',
        init,
        signal === undefined ? rest.signal : AbortSignal.any([signal, rest.signal]),
      );
      rest.abort();
      if (serverDateMs === undefined) throw new TokenIssueError('KIS did not tell its time', { status });
      return serverDateMs;
    },
  };
}

function causeCode(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return undefined;
}

function tryJson(text: string): { code?: unknown; error_code?: unknown } {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

/**
 * A process that was stopped runs its timers before it reads its sockets: the reply that has been lying there is read
 * in the moment between the timer and the abort.
 */
function startDeadline(timeoutMs: number): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  let timer = setTimeout(() => {
    timer = setTimeout(() => controller.abort(new DOMException('timed out', 'TimeoutError')), 100);
  }, timeoutMs);
  return { signal: controller.signal, end: () => clearTimeout(timer) };
}
