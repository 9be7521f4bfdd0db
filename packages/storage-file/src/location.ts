import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import type { TokenRecord } from '@kis/token-core';
import { createOwners, type Owners, type Place as VersionsPlace } from '@kis/versioned-file/parts';
import type { FileStorageEvent } from './events.ts';
import { createSealing, type Sealing } from './sealing.ts';
import { createTokenFormat } from './token-format.ts';
import { createUsers } from './users.ts';

export interface FileStorageOptions {
  /**
   * A file of one's own choosing. The versions stand beside it, and it is itself a copy of the newest one for people:
   * changing it changes nothing. Under a name that Python programs give their pickles (`.key`, `.dat`, `.pkl`, `.pickle`)
   * there is no copy. Where another program keeps its token there, in any of the formats of `readLegacyToken`,
   * that token is used and the file is left alone, as is any other that is no such copy. A directory there is a
   * RangeError at the first use.
   */
  readonly path?: string | undefined;
  /** Instead of such a copy: the file at `path` is shared with Python programs (korea-investment-stock, mojito), which read and write it, too. */
  readonly format?: 'python-pickle' | undefined;
  /** What those programs want to find in their file. Default: what the one that is there says. Takes `format`. */
  readonly python?: PythonCredentials | undefined;
  /** Where the versions stand; made with mode 0700 where it is missing. Default `$XDG_CACHE_HOME/kis`, else `~/.cache/kis`. */
  readonly directory?: string | undefined;
  /** Encrypts the records, by AES-256-GCM: 32 bytes, or their base64 text. All processes need the same. Default: they are plain text. */
  readonly encryptionKey?: Uint8Array | string | undefined;
  readonly onEvent?: ((event: FileStorageEvent) => void) | undefined;
}

/** Python programs keep both in their token file, and use the token only if both are their own. */
export interface PythonCredentials {
  readonly appKey: string;
  readonly appSecret: string;
}

/** Where one key's versions stand. */
export interface Place extends VersionsPlace<TokenRecord> {
  /** Absent: records are written as they are. */
  readonly sealing?: Sealing | undefined;
}

export interface Location {
  readonly directory: string;
  readonly mirrorPath: string | undefined;
  readonly owners: Owners;
  /** Throws TypeError for what is no key. */
  placeOf(key: string): Place;
  /** Of every key that has a version among the names in the directory. */
  placesAmong(names: readonly string[]): Place[];
}

/** A file name has 255 bytes; the key and what stands behind it take up to 150. */
const MAX_NAME_BYTES = 100;

export function locate(options: FileStorageOptions): Location {
  const { path, directory, format, python, encryptionKey } = options;
  if (path !== undefined && directory !== undefined) {
    throw new TypeError('storage-file: `path` and `directory` cannot be given together');
  }
  const mirrorPath = path === undefined ? undefined : checkPath('path', path);
  checkSharing(path, format, python);
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
  if (encryptionKey !== undefined && format !== undefined) {
    throw new TypeError(
      'storage-file: `encryptionKey` and `format` cannot be given together: Python reads plain files',
    );
  }
  const sealing = encryptionKey === undefined ? undefined : createSealing(encryptionKey);
  const owners = createOwners();
  const { mayTrust } = createUsers(folder, owners);
  const tokenFormat = createTokenFormat(sealing);
  const prefix = mirrorPath === undefined ? '' : `${basename(mirrorPath)}.`;

  const place = (key: string): Place => ({
    key,
    directory: folder,
    stem: prefix + key,
    isDurable: true,
    format: tokenFormat,
    sealing,
    owners,
    mayTrust,
  });

  return {
    directory: folder,
    mirrorPath,
    owners,
    placeOf(key) {
      // The key is not shown: what was given by mistake may be an app key.
      if (typeof key !== 'string' || !/^[a-z0-9-]{1,120}$/.test(key)) {
        throw new TypeError('storage-file: `key` must match /^[a-z0-9-]{1,120}$/');
      }
      return place(key);
    },
    placesAmong(names) {
      const keys = names
        .filter((name) => name.startsWith(prefix))
        .map((name) => /^([a-z0-9-]{1,120})\.v[1-9]\d*\.json$/.exec(name.slice(prefix.length))?.[1])
        .filter((key) => key !== undefined);
      return [...new Set(keys)].map(place);
    },
  };
}

function checkSharing(path: unknown, format: unknown, python: Partial<PythonCredentials> | undefined): void {
  if (format !== undefined && format !== 'python-pickle') {
    throw new RangeError(`storage-file: \`format\` must be "python-pickle", got ${JSON.stringify(format)}`);
  }
  if (format !== undefined && path === undefined) throw new TypeError('storage-file: `format` takes a `path`');
  if (python === undefined) return;
  if (format === undefined) throw new TypeError('storage-file: `python` takes `format: "python-pickle"`');
  for (const name of ['appKey', 'appSecret'] as const) {
    const value: unknown = python?.[name];
    if (typeof value !== 'string' || value.trim() === '') {
      throw new TypeError(`storage-file: \`python.${name}\` must be a text that is not blank, got ${typeof value}`);
    }
  }
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
