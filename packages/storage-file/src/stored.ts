import type { Token, TokenRecord } from '@kis/token-core';
import { sha256, type VersionBody } from './version-body.ts';
import { type Newest, versionName } from './versions.ts';

/** What a caller reads. */
export interface Stored {
  readonly record: TokenRecord;
  readonly version: string;
}

/**
 * The newest record with the later token of another program in it, where there is one. Such a token alone makes a record,
 * too: its version then changes with the token and with whatever stands in our own versions' place.
 */
export function storedOf(newest: Newest, foreign: Token | undefined): Stored | undefined {
  const record = newest.body?.record ?? undefined;
  if (newest.body !== undefined && record !== undefined) {
    return {
      record: foreign === undefined ? record : { ...record, token: foreign },
      version: versionName(newest.body),
    };
  }
  if (foreign === undefined) return undefined;
  return {
    record: { token: foreign, attempts: [], dead: [] },
    version: `${nameOf(newest)}-${sha256(foreign.value).slice(0, 16)}`,
  };
}

function nameOf({ n, body }: { readonly n: number; readonly body?: VersionBody | undefined }): string {
  return body === undefined ? String(n) : versionName(body);
}
