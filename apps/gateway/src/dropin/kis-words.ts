import type { Problem } from '../http/problem.ts';
import { unanswered } from './failure.ts';
import { type KisAnswer, oauthRefusal, uapiRefusal } from './kis-replies.ts';

/** A problem in the words of KIS, where the path is KIS's; undefined elsewhere. */
export function inWordsOfKis(url: string, { status, code }: Problem): KisAnswer | undefined {
  // Such as a body that is too large: KIS's word for whatever it cannot read.
  const [kisCode, why] = status < 500 ? (['EGW00101', {}] as const) : unanswered({ code }, { ofOrder: false });
  if (/^\/uapi\//.test(url)) return uapiRefusal(kisCode, why);
  if (!/^\/oauth2\//.test(url)) return undefined;
  const refusal = oauthRefusal(kisCode, why);
  return status < 500 ? refusal : { ...refusal, status: 500 };
}
