import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Token, TokenRecord, TokenStorage } from '@kis/token-core';
import { tokenStorageConformance } from '@kis/token-core/conformance';
import { describe, test } from 'vitest';
import { createFileStorage } from '../src/index.ts';
import { readPickle } from '../src/legacy/pickle-reader.ts';
import { appKey, appSecret, DAY, key, keyOf, makeToken, pickleOf, sha256 } from './legacy-tokens.ts';
import { tempDirectory } from './temp-directory.ts';

const TOKEN_OF_SUITE = 'the token of the suite';

/**
 * The suite's storage over one of ours in which Python's token may stand at any time: the suite's own token goes among the
 * attempts as well, and what Python's token adds to a version is taken off again. `nameOf` gives the suite's keys the form
 * of an app key's, by which alone a token file is theirs.
 */
function behind(storage: TokenStorage, nameOf: (key: string) => string, check: (key: string) => Check): TokenStorage {
  async function look(of: string): Promise<{ readonly found: Stored | undefined; readonly suffix: string }> {
    const found = await storage.read(nameOf(of));
    check(nameOf(of)).afterRead?.(found?.record.token);
    const suffix = `-${sha256(found?.record.token?.value ?? '').slice(0, 16)}`;
    return { found, suffix: found?.version.endsWith(suffix) ? suffix : '' };
  }
  const own = (record: TokenRecord | undefined) => record?.attempts.find(({ by }) => by === TOKEN_OF_SUITE);

  return {
    async read(of) {
      const { found, suffix } = await look(of);
      const marker = own(found?.record);
      if (found === undefined || marker === undefined) return undefined;
      const { token: _python, attempts, ...rest } = found.record;
      const token = JSON.parse(marker.id) as Token | null;
      return {
        record: { ...rest, ...(token === null ? {} : { token }), attempts: attempts.slice(1) },
        version: found.version.slice(0, found.version.length - suffix.length),
      };
    },
    async compareAndSet(of, expected, record) {
      const { found, suffix } = await look(of);
      const nothing = own(found?.record) === undefined ? found?.version : undefined;
      const { token = null, attempts } = record;
      const marker = { id: JSON.stringify(token), by: TOKEN_OF_SUITE, atMs: 1, outcome: 'issued' } as const;
      const version = await storage.compareAndSet(
        nameOf(of),
        expected === undefined ? nothing : `${expected}${suffix}`,
        { ...record, attempts: [marker, ...attempts] },
      );
      if (version !== undefined && token !== null) check(nameOf(of)).afterWrite?.(token);
      return version;
    },
    delete: (of) => storage.delete(nameOf(of)),
    watch: (of, onChange) => storage.watch?.(nameOf(of), onChange) ?? (() => {}),
    close: async () => storage.close?.(),
  };
}

type Stored = NonNullable<Awaited<ReturnType<TokenStorage['read']>>>;

/** That the token file had a part in it. */
interface Check {
  readonly afterRead?: (token: Token | undefined) => void;
  readonly afterWrite?: (token: Token) => void;
}

function expectThat(isTrue: boolean, what: string): void {
  if (!isTrue) throw new Error(what);
}

describe('file storages beside the token file of another program keep the contract', () => {
  tokenStorageConformance(test, () => {
    const path = join(tempDirectory(), 'token.json');
    // Later than all of the suite's.
    const python = makeToken('python', 9_999 * DAY);
    writeFileSync(path, pickleOf(python));
    const isPythons = (token: Token | undefined): void => {
      expectThat(token?.value === python.value, 'Python has a token, and another one was read');
    };
    // They are all of that app key, as those of mocks are.
    const nameOf = (of: string): string => `${key}-${sha256(of).slice(0, 8)}`;
    return [1, 2].map(() => behind(createFileStorage({ path }), nameOf, () => ({ afterRead: isPythons })));
  });
});

describe('file storages that share a file with Python programs keep the contract', () => {
  tokenStorageConformance(test, () => {
    const path = join(tempDirectory(), 'token.key');
    const written = new Set<string>();
    // A pickle is of one account: the first key is that app key's.
    let first: string | undefined;
    const nameOf = (of: string): string => {
      first ??= of;
      return of === first ? key : keyOf(of);
    };
    const holdsToken = ({ value }: Token): void => {
      written.add(value);
      const pickle = existsSync(path) ? readPickle(readFileSync(path)) : undefined;
      const found = pickle instanceof Map ? pickle.get('access_token') : undefined;
      expectThat(typeof found === 'string' && written.has(found), 'What was written is not in the pickle');
    };
    return [1, 2].map(() => {
      const storage = createFileStorage({ path, format: 'python-pickle', python: { appKey, appSecret } });
      return behind(storage, nameOf, (of) => (of === key ? { afterWrite: holdsToken } : {}));
    });
  });
});
