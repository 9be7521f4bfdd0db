import { returnCodeOf, textOf } from './kis-codes.ts';

/** What goes back to the caller, and the code that the log keeps. */
export interface Reply {
  readonly status: number;
  readonly body: string | Uint8Array;
  /** Default: that of JSON. */
  readonly contentType?: string | undefined;
  /** Empty when an oauth call succeeded, and outside of the API. */
  readonly kisCode: string;
  /** `F` or `M`: more pages; `D` or `E`: the last one. Default: none, where there is no paging. KIS: the header `tr_cont`. */
  readonly trCont?: 'F' | 'M' | 'D' | 'E' | undefined;
}

export function isReply(value: object): value is Reply {
  return 'kisCode' in value;
}

/** A successful answer of an oauth path. */
export function oauthReply(body: object): Reply {
  return { status: 200, body: JSON.stringify(body), kisCode: '' };
}

/** A refusal by an oauth path: 403 and `error_code`. */
export function oauthRefusal(kisCode: string, status = 403): Reply {
  return {
    status,
    body: JSON.stringify({ error_description: textOf(kisCode).trimEnd(), error_code: kisCode }),
    kisCode,
  };
}

/** A successful answer of a /uapi path. The outputs come first, as in KIS's own. */
export function uapiReply(
  outputs: object,
  options: { readonly kisCode?: string | undefined; readonly trCont?: Reply['trCont'] } = {},
): Reply {
  const { kisCode = 'MCA00000', trCont } = options;
  const body = { ...outputs, rt_cd: '0', msg_cd: kisCode, msg1: textOf(kisCode) };
  return { status: 200, body: JSON.stringify(body), kisCode, trCont };
}

/** The refusal of a parameter's value; KIS leaves FID_ out of the name. */
export function invalidParam(name: string): Reply {
  return uapiRefusal('OPSQ2001', { text: `ERROR : INPUT INVALID_CHECK_${name.replace(/^FID_/, '')}` });
}

/** A refusal by a /uapi path: 500 from the gateway (`rt_cd` 1), 200 from what lies behind it, as the virtual exchange with its codes of digits. */
export function uapiRefusal(
  kisCode: string,
  options: { readonly status?: number | undefined; readonly text?: string | undefined } = {},
): Reply {
  const rtCd = returnCodeOf(kisCode);
  const { status = rtCd === '1' && !/^\d/.test(kisCode) ? 500 : 200, text = textOf(kisCode) } = options;
  return { status, body: JSON.stringify({ rt_cd: rtCd, msg_cd: kisCode, msg1: text }), kisCode };
}
