import type { KisRequest } from './transport.ts';

/** What a call has used up, whichever of the layers had it sent again. */
export interface CallCount {
  attempts: number;
  /** After failures that pass. */
  retries: number;
  /** How often it was one call too many. */
  refusals: number;
  /** Its token was refused, and it was sent once more for that. */
  hasNewToken: boolean;
}

/** Copies of a request (`{ ...request }`) bear it on, and whoever looks through its names does not meet it. */
const key: unique symbol = Symbol('count');

const nothing = (): CallCount => ({ attempts: 0, retries: 0, refusals: 0, hasNewToken: false });

/** The request, and with it a count that begins. */
export function startCount(request: KisRequest): KisRequest {
  const counted: KisRequest & { readonly [key]: CallCount } = { ...request, [key]: nothing() };
  return counted;
}

/** The count of a request; of one that a layer made anew, another. */
export function countOf(request: KisRequest & { readonly [key]?: CallCount }): CallCount {
  return request[key] ?? nothing();
}
