import { existsSync, readFileSync, statSync } from 'node:fs';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';
import { buildAside, removeOthers } from './build-aside.ts';

/**
 * What is bundled: code of ours, and what has hundreds of files, which are slow to find and to read. The rest has files
 * of its own beside its code, or is seldom needed.
 */
const BUNDLED = /^(?:@kis\/.*|@fastify\/swagger|fastify|pino|prom-client|typebox|undici)$/;
const MAIN = 'main.js';
const SOURCES = 'sources.json';
const LOCKFILE = fileURLToPath(new URL('../../../pnpm-lock.yaml', import.meta.url));

/** Makes few files, beside whose folder the other dependencies are: they start in no time, and need no TypeScript. */
export async function buildServer(outDir: string): Promise<void> {
  const startedMs = Date.now();
  await buildAside(outDir, async (aside) => {
    await bundle(aside);
    await noteSources(aside, resolve(outDir), startedMs);
    await putInPlace(aside, outDir);
  });
}

async function bundle(outDir: string): Promise<void> {
  const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  await build({
    config: false,
    silent: true,
    metafile: true,
    entry: [fileURLToPath(new URL('./main.ts', import.meta.url))],
    format: ['esm'],
    target: 'node20',
    outDir,
    noExternal: [BUNDLED],
    // Vite builds the page where that has to be, which is not where this is used.
    external: ['vite', ...Object.keys(dependencies).filter((name) => !BUNDLED.test(name))],
    // CommonJS among it asks for Node's own modules by `require`.
    banner: {
      js: "import { createRequire as createRequireOf } from 'node:module';\nconst require = createRequireOf(import.meta.url);",
    },
  });
}

/** For `start.js`: of what it was made. Packages of others change with the lockfile. */
async function noteSources(folder: string, finalFolder: string, startedMs: number): Promise<void> {
  const metafile = join(folder, 'metafile-esm.json');
  const { inputs } = JSON.parse(await readFile(metafile, 'utf8')) as { inputs: Record<string, object> };
  const ours = Object.keys(inputs).filter((path) => !path.includes('node_modules/') && existsSync(path));
  const sources = [...ours, LOCKFILE].map((path) => {
    const { mtimeMs, ctimeMs, size } = statSync(path);
    // Of what was changed meanwhile nobody knows which state was read.
    return [relative(finalFolder, resolve(path)), ctimeMs < startedMs ? mtimeMs : null, size];
  });
  await writeFile(join(folder, SOURCES), JSON.stringify(sources));
  await rm(metafile);
}

/**
 * At no moment the folder holds less than a gateway: all names but two bear a hash of what is in them, and those two come
 * last, the list after what it speaks of.
 */
async function putInPlace(aside: string, outDir: string): Promise<void> {
  const names = await readdir(aside);
  const last = [MAIN, SOURCES];
  for (const name of [...names.filter((it) => !last.includes(it)), ...last]) {
    await rename(join(aside, name), join(outDir, name));
  }
  await removeOthers(outDir, names);
}
