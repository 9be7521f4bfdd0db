import { channel } from 'node:diagnostics_channel';
import type { LegacyTokenReason } from './errors.ts';

/** `python-pickle`: korea-investment-stock and mojito; `pykis-json`: also any other copy of KIS's answer. */
export type LegacyFormat = 'python-pickle' | 'go-json' | 'pykis-json' | 'cache-json' | 'kis-auth-yaml';

/** What a file storage tells its `onEvent`. Nothing in it is secret. */
export type FileStorageEvent =
  /** The newest version cannot be read and counts as nothing stored; said once. `keptAs`: where its content was copied. */
  | {
      readonly type: 'damaged';
      readonly key: string;
      readonly path: string;
      readonly reason: string;
      readonly keptAs?: string | undefined;
    }
  /** What stands at `path` was not written by a file storage and is left alone; said once. */
  | { readonly type: 'mirror-refused'; readonly path: string; readonly reason: string }
  /** The token that another program keeps at `path` is taken in under `key`; said once for each content. */
  | {
      readonly type: 'imported';
      readonly key: string;
      readonly path: string;
      readonly format: LegacyFormat;
      readonly expiresAtMs: number;
    }
  /** What another program keeps at `path` is no token for this key; said once for each content. `dead`: KIS refused it, or it was revoked. */
  | { readonly type: 'import-refused'; readonly path: string; readonly reason: LegacyTokenReason | 'dead' }
  /** The record is stored; its mirror at `path` could not be written. Said once, until it can. `remedy`: what to do. */
  | { readonly type: 'mirror-failed'; readonly path: string; readonly error: Error; readonly remedy: string }
  /** A record could not be written, and the caller was told by `error`. Said once, until one can. `remedy`: what to do. */
  | { readonly type: 'write-failed'; readonly directory: string; readonly error: Error; readonly remedy: string }
  /** The file or directory at `path` is ours and let others do more than it does now; `mode` is what it had, in octal. Said once. */
  | { readonly type: 'mode-tightened'; readonly path: string; readonly mode: string }
  /** Others can remove and replace what is in the directory, and it is not ours to change. Said once. */
  | { readonly type: 'directory-exposed'; readonly directory: string; readonly reason: string }
  /** The platform gives no notice of changes (too many watchers); they are found by polling alone. Said once. */
  | { readonly type: 'watch-failed'; readonly directory: string; readonly error: Error };

export type EventSink = (event: FileStorageEvent) => void;

/**
 * Tells `onEvent`, and whoever subscribed to the channel `@kis/storage-file` of `node:diagnostics_channel`. A listener that
 * throws is the listener's trouble: it must not cost a record. Throws TypeError for what is no listener.
 */
export function createEventSink(onEvent: EventSink | undefined): EventSink {
  if (onEvent !== undefined && typeof onEvent !== 'function') {
    throw new TypeError(`storage-file: \`onEvent\` must be a function, got ${typeof onEvent}`);
  }
  const diagnostics = channel('@kis/storage-file');
  return (event) => {
    if (diagnostics.hasSubscribers) diagnostics.publish(Object.freeze({ ...event }));
    try {
      onEvent?.(event);
    } catch {
      // There is nobody to tell.
    }
  };
}
