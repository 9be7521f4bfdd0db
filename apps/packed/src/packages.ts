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
  const faults = compareEntries(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')), manifest);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return { name: manifest.name, manifest, tarball: filename };
}

/** What `publishConfig` leaves out of the exports and bins of the repository's package.json, or adds to them. */
export function compareEntries(
  source: Pick<PackedManifest, 'name' | 'exports' | 'bin'>,
  packed: Pick<PackedManifest, 'exports' | 'bin'>,
): string[] {
  const compare = (field: string, here: readonly string[], there: readonly string[]): string[] => {
    const fault = (key: string, what: string): string => `${source.name}: \`${field}\` ${what} ${JSON.stringify(key)}`;
    return [
      ...here.filter((key) => !there.includes(key)).map((key) => fault(key, 'of the tarball lacks')),
      ...there.filter((key) => !here.includes(key)).map((key) => fault(key, 'of the tarball alone has')),
    ];
  };
  return [
    ...compare('exports', [...Object.keys(source.exports), './package.json'], Object.keys(packed.exports)),
    ...compare('bin', Object.keys(source.bin ?? {}), Object.keys(packed.bin ?? {})),
  ];
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
