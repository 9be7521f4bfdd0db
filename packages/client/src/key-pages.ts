import type { KisEndpoint } from './endpoint.ts';
import { KisResponseError } from './errors.ts';
import { parseText } from './fields.ts';
import type { CallOptions, Params, Request } from './request.ts';
import type { KisParams, KisReply } from './transport.ts';

/** By which KIS finds the next page: `ctx_area_fk100`, `ctx_area_nk100`, the same with 200 or without a number, and `cts`. */
const keyName = /^(?:ctx_area_[fn]k\d*|cts)$/i;

/** Ends when KIS says that there is no more, and after the first where it gives no keys of another. */
export async function* readKeyPages(
  request: Request,
  endpoint: KisEndpoint,
  params: Params,
  { signal }: CallOptions,
): AsyncGenerator<KisReply, void, undefined> {
  let reply = await request(endpoint, params, { signal });
  yield reply;
  const seen = new Set<string>();
  for (let keys = keysOf(reply); hasMore(reply) && Object.keys(keys).length > 0; keys = keysOf(reply)) {
    const names = Object.keys(keys);
    if (seen.size === 0) seen.add(placeOf(Object.fromEntries(names.map((name) => [name, askedValue(params, name)]))));
    // The values stay out of the error: an account's number may be among them.
    if (seen.has(placeOf(keys))) {
      const where = names.join(', ');
      throw new KisResponseError({ expected: 'keys that did not come before', where, status: reply.status });
    }
    seen.add(placeOf(keys));
    reply = await request(endpoint, withKeys(params, keys), { signal, trCont: 'N' });
    yield reply;
  }
}

function hasMore({ trCont, body }: KisReply): boolean {
  // Where the header is blank, the code tells.
  return /^[FM]$/.test(trCont) || (trCont === '' && parseText(body.msg_cd) === 'KIOK0500');
}

/** In capitals, as a call has them, and without their padding. */
function keysOf({ body }: KisReply): KisParams {
  const found = Object.entries(body).filter(([name]) => keyName.test(name));
  return Object.fromEntries(found.map(([name, value]) => [name.toUpperCase(), parseText(value) ?? '']));
}

function placeOf(keys: KisParams): string {
  return JSON.stringify(keys);
}

function askedValue(params: Params, name: string): string {
  const [, value = ''] = Object.entries(params).find(([it]) => it.toUpperCase() === name) ?? [];
  return String(value).trim();
}

function withKeys(params: Params, keys: KisParams): Params {
  const others = Object.entries(params).filter(([name]) => !Object.hasOwn(keys, name.toUpperCase()));
  return { ...Object.fromEntries(others), ...keys };
}
