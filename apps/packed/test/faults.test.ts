import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Consumer } from '../src/consumer.ts';
import { load } from '../src/load.ts';
import { askForMissingPeers } from '../src/missing-peers.ts';
import { findMissingNeeds } from '../src/needs.ts';
import { findNode } from '../src/nodes.ts';
import { compareEntries, type PackedManifest } from '../src/packages.ts';
import { findTableFaults } from '../src/sizes.ts';
import { checkTypes, type TypeSetting, typeSettings, writeTypeTests } from '../src/types.ts';
import { consumerOf } from './consumer.ts';

const node = { wanted: '', version: '', path: process.execPath };
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
  const running = { version: process.version, path: process.execPath };
  const [major = ''] = process.versions.node.split('.');
  for (const wanted of [major, process.versions.node]) {
    expect(await findNode(wanted, '')).toEqual({ wanted, ...running });
  }
  await expect(findNode(`${major}.0`, fileURLToPath(import.meta.url))).rejects.toThrow();
});

describe('the needs of a build', () => {
  const needsOf = (files: Parameters<typeof consumerOf>[0], manifest: Partial<PackedManifest> = {}): string[] => {
    const consumer = consumerOf(files, manifest);
    return consumer.subjects.flatMap((packed) => findMissingNeeds(packed, consumer));
  };

  test('are what it names of itself, of Node, of optional peers, and of what is installed', () => {
    expect(
      needsOf({ 'index.js': "import 'node:fs'; import 'fs/promises'; import 'it'; import './index.cjs';" }),
    ).toEqual([]);
    expect(needsOf({ 'index.cjs': "require('other');" }, peer)).toEqual([]);
  });

  test.each([
    "import { b } from 'other/sub';",
    'import "other/sub";',
    "export const a = () => import('other/sub');",
    "const path = require2.resolve('other/sub');",
    "const b = require('other/sub');",
  ])('are to be dependencies: %s', (code) => {
    expect(needsOf({ 'index.js': code })).toEqual(['index.js names other/sub, which is no dependency of it']);
  });

  test('are to be there', () => {
    const [fault] = needsOf({ 'index.cjs': "require('other');" }, { dependencies: { other: '^1' } });
    expect(fault).toMatch(/^index\.cjs names other: .*Cannot find module 'other'/);
  });
});

describe('what `publishConfig` says of exports and bins', () => {
  const source = { name: 'it', exports: { '.': '', './sub': '' }, bin: { run: '' } };
  const exports = { '.': {}, './sub': {}, './package.json': '' };

  test('is of the same entries as in the repository', () => {
    expect(compareEntries(source, { exports, bin: { run: '' } })).toEqual([]);
  });

  test('may leave none out, and add none', () => {
    expect(compareEntries(source, { exports: { '.': {}, './other': {} } })).toEqual([
      'it: `exports` of the tarball lacks "./sub"',
      'it: `exports` of the tarball lacks "./package.json"',
      'it: `exports` of the tarball alone has "./other"',
      'it: `bin` of the tarball lacks "run"',
    ]);
  });
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

  test('names nothing else', () => {
    const row = '| [it](packages/it) | 10 kB | undici(선택); proper-lockfile beside it, 없음, nothing |';
    expect(faults(row)).toEqual(['README.md: it does not need proper-lockfile']);
  });
});
