import { channel } from 'node:diagnostics_channel';
import type { TokenIssueError, TokenStorageError } from './errors.ts';
import type { Block } from './permission.ts';

/** What a token manager tells its `onEvent`. Nothing in it is secret: tokens are named by the first 12 hex digits of their sha256. */
export type TokenEvent =
  /** KIS gave this process a token; it is stored, unless the storage fails. */
  | { readonly type: 'issued'; readonly tokenId: string; readonly expiresAtMs: number; readonly isForced: boolean }
  /** A token that another process, or an earlier run, got from KIS is used. */
  | { readonly type: 'adopted'; readonly tokenId: string; readonly expiresAtMs: number }
  /** KIS refused the token in use (`invalidate`), it was revoked, or another process learned of either. */
  | { readonly type: 'invalidated'; readonly tokenId: string }
  /** KIS was asked and gave no usable token. */
  | { readonly type: 'issue-failed'; readonly error: TokenIssueError }
  /** Nobody may ask KIS now; the storage is watched. */
  | { readonly type: 'waiting'; readonly reason: Block['reason']; readonly waitMs: number }
  /** A renewal in the background did not succeed; the old token serves. */
  | { readonly type: 'renewal-failed'; readonly error: Error }
  /** A reply of KIS shows that this host's clock is wrong, by more than its `Date` header's own vagueness. */
  | { readonly type: 'clock-corrected'; readonly byMs: number }
  /** KIS did not tell its time before what is stored had to be judged; the host's clock is taken for it. */
  | { readonly type: 'clock-unconfirmed' }
  /** The storage failed; said once until it works again. */
  | { readonly type: 'storage-failed'; readonly error: TokenStorageError }
  | { readonly type: 'storage-recovered' };

export type EventSink = (event: TokenEvent) => void;

/**
 * Tells `onEvent`, and, with the `key` of the token, whoever subscribed to the channel `@kis/token-core` of
 * `node:diagnostics_channel`. A listener that throws is the listener's trouble: it must not cost a token.
 */
export function createEventSink(onEvent: EventSink | undefined, key: string): EventSink {
  const diagnostics = channel('@kis/token-core');
  return (event) => {
    if (diagnostics.hasSubscribers) diagnostics.publish(Object.freeze({ ...event, key }));
    try {
      onEvent?.(event);
    } catch {
      // There is nobody to tell.
    }
  };
}
