import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';

/** Makes one file of ours, beside whose folder the dependencies are: it starts in no time, and needs no TypeScript. */
export async function buildServer(outDir: string): Promise<void> {
  const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const ours = /^@kis\//;
  await build({
    config: false,
    silent: true,
    clean: true,
    entry: [fileURLToPath(new URL('./main.ts', import.meta.url))],
    format: ['esm'],
    target: 'node20',
    outDir,
    noExternal: [ours],
    // Vite builds the page where that has to be, which is not where this is used.
    external: ['vite', ...Object.keys(dependencies).filter((name) => !ours.test(name))],
    // CommonJS among it asks for Node's own modules by `require`.
    banner: {
      js: "import { createRequire as createRequireOf } from 'node:module';\nconst require = createRequireOf(import.meta.url);",
    },
  });
}
