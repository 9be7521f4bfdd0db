import type { WarmReport } from './warm.ts';

/** What a cache tells of itself. */
export type CacheEvent =
  /** Its store has failed, or took over half a second; KIS is asked instead. */
  | { readonly type: 'cache-failed'; readonly operation: 'get' | 'set'; readonly reason: string }
  /** A warming of every day is done. */
  | { readonly type: 'cache-warmed'; readonly report: WarmReport }
  /** A warming of every day has failed; or, with `isGoingOn`, could not ask whether the market is open that day. */
  | { readonly type: 'cache-warming-failed'; readonly error: unknown; readonly isGoingOn: boolean };
