import type { KisRequest } from './transport.ts';

/** What a call has used up, whichever of the layers had it sent again. */
export interface CallCount {
  attempts: number;
  /** How often it went out to KIS. */
  sent: number;
  readonly onSent: OnSent;
  /** After failures that pass. */
  retries: number;
  /** How often it was one call too many. */
  refusals: number;
  /** Its token was refused, and it was sent once more for that. */
  hasNewToken: boolean;
  /** What KIS or the network gave last. */
  lastError: Error | undefined;
}

/** Told whenever a call goes out to KIS: for the how-manieth time. */
export type OnSent = (times: number) => void;

/** Copies of a request (`{ ...request }`) bear it on, and whoever looks through its names does not meet it. */
const key: unique symbol = Symbol('count');

const nothing = (onSent: OnSent = () => {}): CallCount => {
  return { attempts: 0, sent: 0, onSent, retries: 0, refusals: 0, hasNewToken: false, lastError: undefined };
};

/** The request, and with it a count that begins. */
export function startCount(request: KisRequest, onSent: OnSent): KisRequest {
  const counted: KisRequest & { readonly [key]: CallCount } = { ...request, [key]: nothing(onSent) };
  return counted;
}

/** The count of a request; of one that a layer made anew, another. */
export function countOf(request: KisRequest & { readonly [key]?: CallCount }): CallCount {
  return request[key] ?? nothing();
}

export function noteSent(request: KisRequest): void {
  const count = countOf(request);
  count.sent += 1;
  count.onSent(count.sent);
}
