import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Consumer } from '../src/consumer.ts';
import { load } from '../src/load.ts';
import { askForMissingPeers } from '../src/missing-peers.ts';
import { findNode } from '../src/nodes.ts';
import { findTableFaults } from '../src/sizes.ts';
import { checkTypes, type TypeSetting, typeSettings, writeTypeTests } from '../src/types.ts';
import { consumerOf } from './consumer.ts';

const node = { major: '', version: '', path: process.execPath };
const typeRoot = fileURLToPath(new URL('../../../node_modules/@types', import.meta.url));
const [lenient, strict] = typeSettings([['20', typeRoot]], ['node16']);
const peer = { peerDependencies: { other: '^1' }, peerDependenciesMeta: { other: { optional: true } } };

describe('loading', () => {
  test('gives the names of every export', async () => {
    expect(await load(consumerOf(), node)).toMatchObject({ it: ['a'], 'it/package.json': expect.any(Array) });
  });

  test('fails where a build cannot be loaded', async () => {
    await expect(load(consumerOf({ 'index.cjs': 'await 1;' }), node)).rejects.toThrow('SyntaxError');
    await expect(load(consumerOf({ 'index.js': "import 'other';" }), node)).rejects.toThrow('ERR_MODULE_NOT_FOUND');
  });

  test('fails where the builds export different names, or none', async () => {
    await expect(load(consumerOf({ 'index.cjs': 'exports.b = 1;' }), node)).rejects.toThrow('different names');
    const none = consumerOf({ 'index.cjs': '', 'index.js': '' });
    await expect(load(none, node)).rejects.toThrow('nothing is exported by it');
  });
});

describe('types', () => {
  const names = { it: ['a'] };

  async function check(consumer: Consumer, setting: TypeSetting | undefined): Promise<void> {
    writeTypeTests(consumer, names);
    if (setting !== undefined) await checkTypes(consumer, setting);
  }

  test('pass where they say what is there', async () => {
    await expect(check(consumerOf(), lenient)).resolves.toBeUndefined();
  });

  test('fail where they say more than is there', async () => {
    const more = 'export declare const a: number; export declare const b: number;';
    await expect(check(consumerOf({ 'index.d.ts': more }), lenient)).rejects.toThrow(/types\.mts.*'b' is missing/);
  });

  test('fail where they say less than is there', async () => {
    await expect(check(consumerOf({ 'index.d.cts': 'export {};' }), lenient)).rejects.toThrow(/types\.cts.*error/);
  });

  test('fail where they need what is not installed, once declarations are checked', async () => {
    const consumer = consumerOf({ 'index.d.ts': "import type { B } from 'other'; export declare const a: B;" });
    await expect(check(consumer, strict)).rejects.toThrow("Cannot find module 'other'");
  }, 60_000);

  test('are left out where they need an optional peer that is missing', () => {
    const files = { 'index.d.cts': "import type { B } from 'other'; export declare const a: B;" };
    const consumer = consumerOf(files, peer);
    writeFileSync(join(consumer.folder, 'load.cjs'), '');
    expect(writeTypeTests(consumer, names)).toEqual(['it']);
    expect(writeTypeTests(consumerOf({}, peer), names)).toEqual([]);
  });
});

test('a missing peer for which there is no question is a failure', async () => {
  await expect(askForMissingPeers(consumerOf({}, peer), node)).rejects.toThrow('how it asks for other');
});

test('a Node that cannot be had is a failure', async () => {
  // No folder can be made under a file.
  await expect(findNode('9', fileURLToPath(import.meta.url))).rejects.toThrow(/ENOTDIR|EEXIST|cannot be had here/);
  const [major = ''] = process.versions.node.split('.');
  expect(await findNode(major, '')).toEqual({ major, version: process.version, path: process.execPath });
});

describe('the table of packages', () => {
  const faults = (row: string): string[] => {
    const { folder, subjects } = consumerOf({}, { dependencies: { undici: '^7' } });
    const path = join(folder, 'README.md');
    writeFileSync(path, `| package | size |\n${row}\n`);
    return findTableFaults(
      path,
      subjects.map((packed) => ({ packed, kb: 10 })),
    );
  };

  test('may be off by a tenth', () => {
    expect(faults('| [it](packages/it) | 10.9 kB | undici |')).toEqual([]);
    expect(faults('| [it](packages/it) | 11.1 kB | undici |')).toEqual(['README.md: it is 10.0 kB, not 11.1 kB']);
    expect(faults('| [it](packages/it) | big | undici |')).toEqual(['README.md: it is 10.0 kB, not NaN kB']);
  });

  test('names every package, and what it depends on', () => {
    expect(faults('')).toEqual(['README.md: it is not in the table']);
    expect(faults('| [it](packages/it) | 10 kB | |')).toEqual(['README.md: it needs undici, too']);
  });
});
