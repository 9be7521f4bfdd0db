import { resolve } from 'node:path';
import type { DamageReport } from './damage-reports.ts';

export interface VersionedFileOptions {
  /** Where the versions stand; made, with those above it, with mode 0700 where it is missing. */
  readonly directory: string;
  /** What the versions begin with, and all processes call the document: lower-case letters, digits, `-` and `_`, at most 120. */
  readonly name: string;
  /**
   * Whether a value is on the disk before its write resolves. Default true. False is several times faster: a power cut then
   * may take the last values, or all; a process that is killed takes none.
   */
  readonly isDurable?: boolean | undefined;
  /** What it throws is dropped. */
  readonly onEvent?: ((event: VersionedFileEvent) => void) | undefined;
}

/** What a versioned file tells its `onEvent`. */
export type VersionedFileEvent =
  /** The newest version cannot be read and counts as nothing stored; said once. `keptAs`: where its content was copied. */
  | ({ readonly type: 'damaged'; readonly name: string } & Omit<DamageReport, 'key'>)
  /** The platform gives no notice of changes (too many watchers); they are found by polling alone. Said once. */
  | { readonly type: 'watch-failed'; readonly directory: string; readonly error: Error };

export function checkOptions({ directory, name, isDurable = true, onEvent }: VersionedFileOptions): {
  readonly directory: string;
  readonly name: string;
  readonly isDurable: boolean;
  readonly emit: (event: VersionedFileEvent) => void;
} {
  if (typeof directory !== 'string' || directory.trim() === '' || directory.includes('\0')) {
    throw new TypeError(
      `versioned-file: \`directory\` must be the path of a directory, got ${JSON.stringify(directory)}`,
    );
  }
  if (typeof name !== 'string' || !/^[a-z0-9_-]{1,120}$/.test(name)) {
    throw new TypeError(`versioned-file: \`name\` must match /^[a-z0-9_-]{1,120}$/, got ${JSON.stringify(name)}`);
  }
  if (typeof isDurable !== 'boolean') {
    throw new TypeError(`versioned-file: \`isDurable\` must be a boolean, got ${JSON.stringify(isDurable)}`);
  }
  if (onEvent !== undefined && typeof onEvent !== 'function') {
    throw new TypeError(`versioned-file: \`onEvent\` must be a function, got ${typeof onEvent}`);
  }
  return {
    directory: resolve(directory),
    name,
    isDurable,
    emit(event) {
      try {
        onEvent?.(event);
      } catch {
        // There is nobody to tell.
      }
    },
  };
}
