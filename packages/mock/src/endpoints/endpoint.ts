import type { Reply } from '../reply.ts';

/** What a call asks, by KIS's names: FID_* in upper case, since KIS takes them in either. */
export type Params = ReadonlyMap<string, string>;

/** A call that was let in. */
export interface Question {
  /** Whose account it is about. */
  readonly appKey: string;
  readonly trId: string;
  readonly params: Params;
  /** Whether the page after the last one is asked for. KIS: the header `tr_cont` is `N`. */
  readonly isNextPage: boolean;
  readonly nowMs: number;
}

/** One path of /uapi, or one of two that share it. */
export interface Endpoint {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** The `tr_id`s that each of KIS's hosts serves; none where a host lacks the endpoint. */
  readonly trIds: { readonly real: readonly string[]; readonly virtual: readonly string[] };
  /** Every parameter that must be sent, if only empty; a call that lacks one is refused. */
  readonly params: readonly string[];
  answer(question: Question): Reply;
}
