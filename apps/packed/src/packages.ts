import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.ts';

/** As it stands in the tarball: `publishConfig` laid over, `workspace:` replaced by ranges. */
export interface PackedManifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

export interface PackedPackage {
  readonly name: string;
  readonly manifest: PackedManifest;
  /** Where the tarball lies. */
  readonly tarball: string;
}

/** Packs each package of the folder `packages` that is not private into `destination`. */
export async function packAll(packagesFolder: string, destination: string): Promise<PackedPackage[]> {
  const folders = readdirSync(packagesFolder)
    .map((name) => join(packagesFolder, name))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .filter((folder) => !JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).private);
  return Promise.all(folders.map((folder) => pack(folder, destination)));
}

async function pack(folder: string, destination: string): Promise<PackedPackage> {
  const reply = await run('pnpm', ['pack', '--json', '--pack-destination', destination], { cwd: folder });
  const { filename } = JSON.parse(reply) as { filename: string };
  const manifest = JSON.parse(await run('tar', ['-xOf', filename, 'package/package.json'], { cwd: destination }));
  return { name: manifest.name, manifest, tarball: filename };
}

/** What code names the exports of a package by. */
export function specifiersOf({ name, manifest }: PackedPackage): string[] {
  return Object.keys(manifest.exports).map((path) => name + path.slice(1));
}

export function optionalPeersOf({ manifest }: PackedPackage): string[] {
  const { peerDependencies = {}, peerDependenciesMeta = {} } = manifest;
  return Object.keys(peerDependencies).filter((peer) => peerDependenciesMeta[peer]?.optional === true);
}

/** The package, and those of `all` without which it cannot stand: dependencies and required peers, and theirs. */
export function withNeeds(packed: PackedPackage, all: readonly PackedPackage[]): PackedPackage[] {
  const found = new Set<PackedPackage>([packed]);
  // A set hands out what is added to it while it is walked.
  for (const { manifest } of found) {
    const optional = manifest.peerDependenciesMeta ?? {};
    const peers = Object.keys(manifest.peerDependencies ?? {}).filter((peer) => optional[peer]?.optional !== true);
    const needs = [...Object.keys(manifest.dependencies ?? {}), ...peers];
    for (const other of all) if (needs.includes(other.name)) found.add(other);
  }
  return [...found];
}
