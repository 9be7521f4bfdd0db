import type { KisEndpoint } from './endpoint.ts';
import type { KisReply } from './transport.ts';

/** Of a call, before they are written as texts. */
export type Params = Readonly<Record<string, string | number>>;

export interface CallOptions {
  /** Ends the call, wherever it is; it then rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
}

export interface QuoteOptions extends CallOptions {
  /** Asks KIS whatever a cache holds, and has the answer kept. Default false. */
  readonly fresh?: boolean | undefined;
}

export interface RequestOptions extends CallOptions {
  /** `'N'` asks for the next page; the `CTX_AREA_…` parameters come from the last one. KIS: `tr_cont`. */
  readonly trCont?: '' | 'N' | undefined;
}

/** Calls any endpoint of KIS through all layers. */
export type Request = (endpoint: KisEndpoint, params?: Params, options?: RequestOptions) => Promise<KisReply>;
