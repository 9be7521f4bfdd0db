import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildAside, removeOthers } from '../build-aside.ts';

/** The folder of the page, beside whatever folder this module runs from. */
export function findWeb(): string {
  for (let from = dirname(fileURLToPath(import.meta.url)); ; from = dirname(from)) {
    const web = join(from, 'web');
    if (existsSync(join(web, 'index.html')) || existsSync(join(web, 'dist'))) return web;
    if (from === dirname(from)) throw new Error('The folder "web" of the gateway is not there: it holds the dashboard');
  }
}

/**
 * The folder of the built page. It bears the hash of the sources, so what is there is never stale, and where it is there
 * Vite is not needed. Without sources, as in an image, it is the one that was made of them.
 */
export async function buildPage(web: string): Promise<string> {
  if (!existsSync(join(web, 'index.html'))) return onlyFolder(join(web, 'dist'));
  const dist = join(web, 'dist');
  const name = await hashSources(web);
  const built = join(dist, name);
  if (!existsSync(built)) {
    await buildAside(dist, async (aside) => {
      await runVite(['build', web, '--outDir', aside, '--emptyOutDir', '--logLevel', 'warn']);
      // Of several who build the same the first one's is taken.
      await rename(aside, built).catch((error) => {
        if (!existsSync(built)) throw error;
      });
    });
  }
  // What older sources gave. Who serves it has read it.
  await removeOthers(dist, [name]);
  return built;
}

async function onlyFolder(directory: string): Promise<string> {
  const name = (await readdir(directory)).find((each) => !each.startsWith('.'));
  if (name === undefined) throw new Error('The folder "web" of the gateway is empty: it holds the dashboard');
  return join(directory, name);
}

/**
 * In a process of its own, so that calls are answered meanwhile, and nothing of it stays in memory. The environment, in
 * which secrets are, is no business of Vite and of what it loads.
 */
async function runVite(args: readonly string[]): Promise<void> {
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin', 'vite.js');
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, NODE_ENV: 'production' };
  await promisify(execFile)(process.execPath, [vite, ...args], { env });
}

async function hashSources(web: string): Promise<string> {
  const hash = createHash('sha256');
  for (const path of await listFiles(web, 'dist')) {
    hash.update(`${relative(web, path).replaceAll('\\', '/')}\0`).update(await readFile(path));
  }
  return hash.digest('hex').slice(0, 16);
}

/** All files below `directory`, always in the same order; `without` is a folder in it. */
export async function listFiles(directory: string, without?: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const files = entries
    .filter(({ name }) => name !== without)
    .map((entry) => {
      const path = join(directory, entry.name);
      return entry.isDirectory() ? listFiles(path) : [path];
    });
  return (await Promise.all(files)).flat().sort();
}
