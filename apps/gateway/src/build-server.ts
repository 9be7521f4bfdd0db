import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';

/**
 * What is bundled: code of ours, and what has hundreds of files, which are slow to find and to read. The rest has files
 * of its own beside its code, or is seldom needed.
 */
const BUNDLED = /^(?:@kis\/.*|@fastify\/swagger|fastify|pino|prom-client|typebox|undici)$/;
const LOCKFILE = fileURLToPath(new URL('../../../pnpm-lock.yaml', import.meta.url));

/** Makes few files, beside whose folder the other dependencies are: they start in no time, and need no TypeScript. */
export async function buildServer(outDir: string): Promise<void> {
  // Others may be building the same, or running it: each builds aside.
  const aside = `${outDir}.${randomUUID()}`;
  const startedAt = new Date();
  try {
    await bundle(aside);
    await noteSources(aside, resolve(outDir), startedAt);
    await putInPlace(aside, outDir);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
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

/** For `start.js`: of what it was made, and when. Packages of others change with the lockfile. */
async function noteSources(folder: string, finalFolder: string, startedAt: Date): Promise<void> {
  const metafile = join(folder, 'metafile-esm.json');
  const { inputs } = JSON.parse(await readFile(metafile, 'utf8')) as { inputs: Record<string, object> };
  const ours = Object.keys(inputs).filter((path) => !path.includes('node_modules/') && existsSync(path));
  const sources = [...ours, LOCKFILE].map((path) => relative(finalFolder, resolve(path)));
  const list = join(folder, 'sources.json');
  await writeFile(list, JSON.stringify(sources));
  await utimes(list, startedAt, startedAt);
  await rm(metafile);
}

async function putInPlace(aside: string, outDir: string): Promise<void> {
  const old = `${aside}.old`;
  await rename(outDir, old).catch(() => {});
  await rename(aside, outDir).catch((error) => {
    // Made by somebody else in this moment.
    if (!existsSync(outDir)) throw error;
  });
  await rm(old, { recursive: true, force: true });
}
