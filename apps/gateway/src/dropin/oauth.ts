import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Account } from '../accounts/account.ts';
import { TOKEN_LIFE_MS } from '../accounts/gateway-token.ts';
import { bearsKey } from '../http/keys.ts';
import { unanswered } from './failure.ts';
import { type KisCode, koreanWallTime, oauthRefusal } from './kis-replies.ts';
import type { DropInOptions } from './options.ts';
import { sendAnswer } from './send.ts';

type Fields = Readonly<Record<string, unknown>>;

/** KIS's paths below /oauth2, in its own shapes. The app key selects the account; no secret is looked at but the gateway's key. */
export function oauthRoutes(app: FastifyInstance, options: DropInOptions): void {
  const { accounts, signalOf, isKey, needsKey, note } = options;

  function accountOf(request: FastifyRequest, fields: Fields | undefined, secretName: string): Account | KisCode {
    if (fields === undefined) return 'EGW00101';
    const { appkey } = fields;
    if (typeof appkey !== 'string' || appkey === '') return 'EGW00102';
    if (needsKey && !bearsKey(request, isKey) && !isKey(fields[secretName])) return 'EGW00105';
    return accounts.byAppKey(appkey) ?? 'EGW00103';
  }

  function grantFault(fields: Fields | undefined): KisCode | undefined {
    if (fields === undefined) return 'EGW00101';
    if (!fields.grant_type) return 'EGW00115';
    return fields.grant_type === 'client_credentials' ? undefined : 'EGW00116';
  }

  app.post('/oauth2/tokenP', (request, reply) => {
    const fields = readFields(request);
    const account = grantFault(fields) ?? accountOf(request, fields, 'appsecret');
    if (typeof account === 'string') return sendAnswer(reply, oauthRefusal(account));
    const { value, expiresAtMs } = account.tokens.issue();
    return sendAnswer(reply, {
      status: 200,
      body: {
        access_token: value,
        access_token_token_expired: koreanWallTime(expiresAtMs),
        token_type: 'Bearer',
        expires_in: TOKEN_LIFE_MS / 1_000,
      },
    });
  });

  app.post('/oauth2/revokeP', (request, reply) => {
    const account = accountOf(request, readFields(request), 'appsecret');
    if (typeof account === 'string') return sendAnswer(reply, oauthRefusal(account));
    // The token that KIS gave is not this caller's alone.
    return sendAnswer(reply, { status: 200, body: { code: 200, message: '접근토큰 폐기에 성공하였습니다' } });
  });

  app.post('/oauth2/Approval', async (request, reply) => {
    const fields = readFields(request);
    const account = grantFault(fields) ?? accountOf(request, fields, 'secretkey');
    if (typeof account === 'string') return sendAnswer(reply, oauthRefusal(account));
    const signal = signalOf(reply);
    try {
      const { status, headers, body } = await account.approve(signal);
      return reply.code(status).headers(headers).send(body);
    } catch (error) {
      if (error !== signal.reason) note('Approval', error, account.name);
      const failed = oauthRefusal(...unanswered(error, { ofOrder: false }));
      return sendAnswer(reply, { ...failed, status: 500 });
    }
  });
}

/** The fields of a JSON object, whatever content type it was given. */
function readFields({ body }: FastifyRequest): Fields | undefined {
  try {
    const value: unknown = JSON.parse(String(body));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}
