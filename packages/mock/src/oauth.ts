import { tokenBody } from './access-token.ts';
import { type Account, type Accounts, acceptsSecret } from './accounts.ts';
import type { Call } from './call.ts';
import type { Effects } from './journal.ts';
import { type Random, randomUuid } from './random.ts';
import { oauthRefusal, oauthReply, type Reply } from './reply.ts';
import type { TokenDesk } from './token-desk.ts';

/** The paths under /oauth2. */
export function createOauth(options: {
  readonly accounts: Accounts;
  readonly desk: TokenDesk;
  readonly random: Random;
}): (call: Call, effects: Effects) => Reply {
  const { accounts, desk, random } = options;

  /** The account that the body's keys open, or the code of the refusal. */
  const authenticate = (fields: Call['fields'], secretName: string): Account | string => {
    if (!fields) return 'EGW00101';
    if (isMissing(fields.appkey)) return 'EGW00102';
    if (isMissing(fields[secretName])) return 'EGW00104';
    const account = typeof fields.appkey === 'string' ? accounts.admit(fields.appkey) : undefined;
    if (!account) return 'EGW00103';
    return acceptsSecret(account, fields[secretName]) ? account : 'EGW00105';
  };

  const refusedGrant = (fields: Call['fields']): string | undefined => {
    if (!fields) return 'EGW00101';
    if (isMissing(fields.grant_type)) return 'EGW00115';
    return fields.grant_type === 'client_credentials' ? undefined : 'EGW00116';
  };

  const tokenP = ({ fields }: Call, effects: Effects): Reply => {
    const account = refusedGrant(fields) ?? authenticate(fields, 'appsecret');
    if (typeof account === 'string') return oauthRefusal(account);
    const issued = desk.issue(account);
    if (!issued) return oauthRefusal('EGW00133');
    effects.isNewToken = issued.isNew;
    return oauthReply(tokenBody(issued.token, desk.lifeMs));
  };

  const revokeP = ({ fields }: Call): Reply => {
    const account = authenticate(fields, 'appsecret');
    if (typeof account === 'string') return oauthRefusal(account);
    if (isMissing(fields?.token)) return oauthRefusal('EGW00122');
    const token = typeof fields?.token === 'string' ? desk.find(fields.token) : undefined;
    if (token?.appKey !== account.appKey || token.state === 'revoked') return oauthRefusal('EGW00121');
    desk.revoke(account, token);
    return oauthReply({ code: 200, message: '접근토큰 폐기에 성공하였습니다' });
  };

  const approval = ({ fields }: Call): Reply => {
    const account = refusedGrant(fields) ?? authenticate(fields, 'secretkey');
    if (typeof account === 'string') return oauthRefusal(account);
    return oauthReply({ approval_key: randomUuid(random) });
  };

  const paths: Readonly<Record<string, (call: Call, effects: Effects) => Reply>> = {
    '/oauth2/tokenP': tokenP,
    '/oauth2/revokeP': revokeP,
    '/oauth2/Approval': approval,
  };
  return (call, effects) => {
    const answer = call.method === 'POST' ? paths[call.path] : undefined;
    return answer ? answer(call, effects) : oauthRefusal('EGW00202', 404);
  };
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}
