/** Where the fake gets its time. Limits and intervals run on `monotonicMs`, dates and prices on `nowMs`. */
export interface Clock {
  /** Epoch milliseconds of the wall clock. */
  nowMs(): number;
  /** Milliseconds since any fixed point; never goes back. */
  monotonicMs(): number;
  /** Calls `run` once after `ms`; the returned function calls it off. */
  setTimer(ms: number, run: () => void, options?: { readonly ref?: boolean | undefined }): () => void;
}
