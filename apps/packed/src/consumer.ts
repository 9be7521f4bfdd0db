import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { optionalPeersOf, type PackedPackage, withNeeds } from './packages.ts';
import { run } from './run.ts';

/** An otherwise empty project that has installed tarballs by npm. */
export interface Consumer {
  readonly name: string;
  readonly folder: string;
  /** Whose exports are to be tried here. */
  readonly subjects: readonly PackedPackage[];
  /** Optional peers of the subjects that are not there. */
  readonly missingPeers: readonly string[];
}

/** All packages in one folder, and with them the optional peers that are not ours, each in the lowest range that is allowed. */
export async function installTogether(parent: string, all: readonly PackedPackage[]): Promise<Consumer> {
  const ours = all.map(({ name }) => name);
  const ranges: Record<string, string> = Object.assign({}, ...all.map(({ manifest }) => manifest.peerDependencies));
  const others = Object.entries(ranges)
    .filter(([name]) => !ours.includes(name))
    .map(([name, range]) => `${name}@${range.split('||')[0]?.trim()}`);
  const folder = await install(join(parent, 'together'), all, others);
  return { name: 'together', folder, subjects: all, missingPeers: [] };
}

/** One package with nothing but what it cannot do without. */
export async function installAlone(
  parent: string,
  packed: PackedPackage,
  all: readonly PackedPackage[],
): Promise<Consumer> {
  const name = `${packed.name} alone`;
  const folder = await install(join(parent, packed.name.replace(/.*\//, '')), withNeeds(packed, all), []);
  return { name, folder, subjects: [packed], missingPeers: optionalPeersOf(packed) };
}

async function install(folder: string, packages: readonly PackedPackage[], others: readonly string[]): Promise<string> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true }));
  const tarballs = packages.map(({ tarball }) => tarball);
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'];
  await run('npm', ['install', ...quiet, ...tarballs, ...others], { cwd: folder });
  return folder;
}
