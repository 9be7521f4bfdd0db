import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Consumer } from './consumer.ts';
import type { PackedPackage } from './packages.ts';

/** How far the table may be off. */
const TOLERANCE = 0.1;

/** Kilobytes of a package's main export, minified and compressed by gzip, without what it depends on. */
export async function sizeKb({ name }: PackedPackage, { folder }: Consumer): Promise<number> {
  const entry = createRequire(join(folder, 'load.cjs'))
    .resolve(name)
    .replace(/\.cjs$/, '.js');
  const options = { bundle: true, minify: true, write: false, platform: 'node', format: 'esm' } as const;
  const { outputFiles } = await build({ ...options, entryPoints: [entry], packages: 'external' });
  return gzipSync(outputFiles[0]?.contents ?? '').length / 1_000;
}

/** What a README's table of packages says wrong: of each package its size, and what it depends on. */
export function findTableFaults(
  readmePath: string,
  packages: readonly { readonly packed: PackedPackage; readonly kb: number }[],
): string[] {
  const lines = readFileSync(readmePath, 'utf8').split('\n');
  return packages.flatMap(({ packed: { name, manifest }, kb }) => {
    const where = `${basename(readmePath)}: ${name}`;
    const row = lines.find((line) => line.startsWith(`| [${name}](packages/`));
    if (row === undefined) return [`${where} is not in the table`];
    const said = Number(/ ([\d.]+) kB /.exec(row)?.[1]);
    const faults = Math.abs(said - kb) <= kb * TOLERANCE ? [] : [`${where} is ${kb.toFixed(1)} kB, not ${said} kB`];
    const needs = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    const untold = needs.filter((need) => !row.includes(need.replace('@kis/', '')));
    if (untold.length > 0) faults.push(`${where} needs ${untold.join(', ')}, too`);
    const unneeded = namesInLastCell(row).filter((told) => !needs.some((need) => need.replace('@kis/', '') === told));
    if (unneeded.length > 0) faults.push(`${where} does not need ${unneeded.join(', ')}`);
    return faults;
  });
}

/** The packages that `token-core, undici; msw if you like` names: the first word of each part, in whatever language. */
function namesInLastCell(row: string): string[] {
  const parts = row.split('|').at(-2)?.split(/[,;]/) ?? [];
  return parts.flatMap((part) => /^\s*([\w@/.-]+)/.exec(part)?.[1] ?? []).filter((name) => name !== 'nothing');
}
