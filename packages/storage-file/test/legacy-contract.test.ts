import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tokenStorageConformance } from '@kis/token-core/conformance';
import { describe, test } from 'vitest';
import { createFileStorage } from '../src/index.ts';
import { appKey, appSecret, HOUR, makeToken, pickleOf } from './legacy-tokens.ts';
import { tempDirectory } from './temp-directory.ts';

describe('file storages that share a file with Python programs keep the contract', () => {
  tokenStorageConformance(test, () => {
    const path = join(tempDirectory(), 'token.key');
    const options = { path, format: 'python-pickle', python: { appKey, appSecret } } as const;
    return [createFileStorage(options), createFileStorage(options)];
  });
});

describe('file storages beside the token file of another program keep the contract', () => {
  tokenStorageConformance(test, () => {
    const path = join(tempDirectory(), 'token.key');
    writeFileSync(path, pickleOf(makeToken('python', HOUR)));
    return [createFileStorage({ path }), createFileStorage({ path })];
  });
});
