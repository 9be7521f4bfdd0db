/** Where time comes from. */
export interface Clock {
  /** Epoch milliseconds of the wall clock. */
  nowMs(): number;
  /** Runs `run` once after `ms`; the returned function calls it off. */
  setTimer(ms: number, run: () => void): () => void;
}

/** Keeps KRX's answers beyond this process; a Keyv is one. Whatever it throws costs a call to KRX and no more. */
export interface KrxStore {
  /** What was stored; anything but a string is nothing. */
  get(key: string): Promise<unknown>;
  /** A past day of a market, some 500 kB of JSON, which never changes. */
  set(key: string, value: string): Promise<unknown>;
}
