import type { Reply } from '../reply.ts';

/** The query of a call, by upper-case name: KIS takes FID_* in either case. */
export type Params = ReadonlyMap<string, string>;

/** One path of /uapi. */
export interface Endpoint {
  readonly path: string;
  readonly trId: string;
  /** Every documented parameter; a call that lacks one is refused. */
  readonly params: readonly string[];
  answer(params: Params, nowMs: number): Reply;
}
