import type { Token, TokenRecord } from '@kis/token-core';
import { sha256, versionName } from '@kis/versioned-file/parts';
import type { NewestRecord, RecordBody } from './newest-record.ts';

/** What a caller reads. */
export interface Stored {
  readonly record: TokenRecord;
  readonly version: string;
}

/**
 * The newest record with the later token of another program in it, where there is one; such a token alone makes a record,
 * too. The version then changes with that token as well, so that nobody who read before it came claims over it.
 */
export function storedOf(newest: NewestRecord, foreign: Token | undefined): Stored | undefined {
  const record = newest.body?.value;
  if (foreign === undefined) return record && { record, version: nameOf(newest) };
  return {
    record: { attempts: [], dead: [], ...record, token: foreign },
    version: `${nameOf(newest)}-${sha256(foreign.value).slice(0, 16)}`,
  };
}

function nameOf({ n, body }: { readonly n: number; readonly body?: RecordBody | undefined }): string {
  return body === undefined ? String(n) : versionName(body);
}
