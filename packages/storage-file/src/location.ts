import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import type { FileStorageEvent } from './events.ts';

export interface FileStorageOptions {
  /**
   * A file of one's own choosing. The versions stand beside it, and it is itself a copy of the newest one for people and
   * other programs: changing it changes nothing, and a file there that is not such a copy is left alone. A directory there
   * is a RangeError at the first use.
   */
  readonly path?: string | undefined;
  /** Where the versions stand; made with mode 0700 where it is missing. Default `$XDG_CACHE_HOME/kis`, else `~/.cache/kis`. */
  readonly directory?: string | undefined;
  readonly onEvent?: ((event: FileStorageEvent) => void) | undefined;
}

/** Where one key's versions stand. */
export interface Place {
  readonly key: string;
  readonly directory: string;
  /** The files are `<stem>.v<n>.json`. */
  readonly stem: string;
}

export interface Location {
  readonly directory: string;
  readonly mirrorPath: string | undefined;
  /** Throws TypeError for what is no key. */
  placeOf(key: string): Place;
}

/** A file name has 255 bytes; the key and what stands behind it take up to 150. */
const MAX_NAME_BYTES = 100;

export function locate({ path, directory }: FileStorageOptions): Location {
  if (path !== undefined && directory !== undefined) {
    throw new TypeError('storage-file: `path` and `directory` cannot be given together');
  }
  const mirrorPath = path === undefined ? undefined : checkPath('path', path);
  // What `resolve` leaves of it would name a directory.
  if (path !== undefined && /(?:^|[\\/])\.{0,2}$/.test(path)) {
    throw new RangeError(`storage-file: \`path\` must end with the name of a file, got ${JSON.stringify(path)}`);
  }
  const nameBytes = Buffer.byteLength(basename(mirrorPath ?? ''));
  if (nameBytes > MAX_NAME_BYTES) {
    throw new RangeError(
      `storage-file: the file name in \`path\` must have at most ${MAX_NAME_BYTES} bytes, got ${nameBytes}`,
    );
  }
  const folder =
    mirrorPath !== undefined
      ? dirname(mirrorPath)
      : directory === undefined
        ? defaultDirectory()
        : checkPath('directory', directory);
  const prefix = mirrorPath === undefined ? '' : `${basename(mirrorPath)}.`;

  return {
    directory: folder,
    mirrorPath,
    placeOf(key) {
      // The key is not shown: what was given by mistake may be an app key.
      if (typeof key !== 'string' || !/^[a-z0-9-]{1,120}$/.test(key)) {
        throw new TypeError('storage-file: `key` must match /^[a-z0-9-]{1,120}$/');
      }
      return { key, directory: folder, stem: prefix + key };
    },
  };
}

function checkPath(name: string, value: unknown): string {
  if (typeof value !== 'string' || value.trim() === '' || value.includes('\0')) {
    throw new TypeError(
      `storage-file: \`${name}\` must be the path of a ${name === 'path' ? 'file' : 'directory'}, got ${JSON.stringify(value)}`,
    );
  }
  return resolve(value);
}

function defaultDirectory(): string {
  const cache = process.env.XDG_CACHE_HOME;
  // The XDG rules: a relative path is to be ignored.
  return join(cache !== undefined && isAbsolute(cache) ? cache : join(homedir(), '.cache'), 'kis');
}
