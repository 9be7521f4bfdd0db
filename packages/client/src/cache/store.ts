/** What a cache needs of its store. A `Keyv` is one, and so is what a `Keyv` is put over. */
export interface CacheStore {
  /** Undefined where there is nothing. */
  get(key: string): unknown;
  /** For `ttlMs`, after which it may be gone. */
  set(key: string, value: string, ttlMs: number): unknown;
}

/** A store that never fails: what cannot be read is not there, and what cannot be written is lost. */
export interface SafeStore {
  get(key: string): Promise<unknown>;
  /** Whether it was. */
  set(key: string, value: string, ttlMs: number): Promise<boolean>;
}
