import { readFileSync } from 'node:fs';
import { defineConfig, type Options } from 'tsup';

// Runs in a package's folder: its dev exports are its entries, so a new subpath is declared in one place.
const { exports, bin = {} } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports: Record<string, string>;
  bin?: Record<string, string>;
};

// Splitting in CommonJS, too: two exports of a package are to share their classes.
const shared = { target: 'node20', outDir: 'dist', shims: true, treeshake: true, splitting: true } as const;

const builds: Options[] = [
  { ...shared, entry: Object.values(exports), format: ['esm', 'cjs'], dts: true, clean: true },
  // ESM only: a bin with top-level await would become a syntax error in CJS.
  ...(Object.keys(bin).length > 0 ? [{ ...shared, entry: Object.values(bin), format: ['esm' as const] }] : []),
];

export default defineConfig(builds) as Options[];
