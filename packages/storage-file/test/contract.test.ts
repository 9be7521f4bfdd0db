import { tokenStorageConformance } from '@kis/token-core/conformance';
import { describe, test } from 'vitest';
import { createFileStorage } from '../src/index.ts';
import { tempDirectory } from './temp-directory.ts';

describe('a file storage keeps the contract', () => {
  tokenStorageConformance(test, () => createFileStorage({ directory: tempDirectory() }));
});

describe('two file storages over one path keep the contract', () => {
  tokenStorageConformance(test, () => {
    const path = `${tempDirectory()}/token.json`;
    return [createFileStorage({ path }), createFileStorage({ path })];
  });
});
