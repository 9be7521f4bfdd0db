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
  /** The record is stored; its mirror at `path` could not be written. */
  | { readonly type: 'mirror-failed'; readonly path: string; readonly error: Error }
  /** The platform gives no notice of changes (too many watchers); they are found by polling alone. Said once. */
  | { readonly type: 'watch-failed'; readonly directory: string; readonly error: Error };

export type EventSink = (event: FileStorageEvent) => void;

/** A listener that throws is the listener's trouble: it must not cost a record. Throws TypeError for what is no listener. */
export function createEventSink(onEvent: EventSink | undefined): EventSink {
  if (onEvent !== undefined && typeof onEvent !== 'function') {
    throw new TypeError(`storage-file: \`onEvent\` must be a function, got ${typeof onEvent}`);
  }
  return (event) => {
    try {
      onEvent?.(event);
    } catch {
      // There is nobody to tell.
    }
  };
}
