import type { Problem } from '../http/problem.ts';
import { unanswered } from './failure.ts';
import { type KisAnswer, type KisCode, oauthRefusal, uapiRefusal, type Why } from './kis-replies.ts';

/** A problem in the words of KIS, where the path is KIS's; undefined elsewhere. */
export function inWordsOfKis(url: string, problem: Problem): KisAnswer | undefined {
  const { status, code } = problem;
  const [kisCode, why] = status < 500 ? unreadable(problem) : unanswered({ code }, { ofOrder: false });
  if (/^\/uapi\//.test(url)) return uapiRefusal(kisCode, why);
  if (!/^\/oauth2\//.test(url)) return undefined;
  const refusal = oauthRefusal(kisCode, why);
  return status < 500 ? refusal : { ...refusal, status: 500 };
}

/** Such as a body that is too large, or a Host that is not ours: KIS's word for whatever it cannot read. */
function unreadable({ code, detail }: Problem): [code: KisCode, why: Why] {
  // Of its own refusals the gateway knows that they can be a header, and KIS has no words for them.
  return ['EGW00101', code.startsWith('ERR_GATEWAY_') ? { reason: detail } : {}];
}
