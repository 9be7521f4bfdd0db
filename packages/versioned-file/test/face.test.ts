import { expect, test } from 'vitest';
import * as face from '../src/index.ts';
import * as parts from '../src/parts.ts';

test('the package exports one function', () => {
  expect(Object.keys(face)).toMatchInlineSnapshot(`
    [
      "createVersionedFile",
    ]
  `);
});

test('and, to those who build another document upon versions, its parts', () => {
  expect(Object.keys(parts).sort()).toMatchInlineSnapshot(`
    [
      "INNER_NAME",
      "MAX_BYTES",
      "cleanUp",
      "createDamageReports",
      "createDirectoryWatch",
      "createOwners",
      "decodeVersion",
      "encodeVersion",
      "hasCode",
      "isWithoutLinks",
      "listNames",
      "makeDirectory",
      "openRegularFile",
      "publish",
      "readIfThere",
      "readNewest",
      "readRegularFile",
      "removeCopies",
      "removeQuietly",
      "renameOver",
      "sha256",
      "tryToWrite",
      "versionName",
      "versionNumbers",
      "versionPath",
      "writeNewFile",
    ]
  `);
});
