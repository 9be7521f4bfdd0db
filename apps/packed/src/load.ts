import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Consumer } from './consumer.ts';
import type { NodeRelease } from './nodes.ts';
import { specifiersOf } from './packages.ts';
import { run } from './run.ts';

/** By specifier, the names that it exports. */
export type Names = Readonly<Record<string, readonly string[]>>;

const IMPORT = `
const names = {};
for (const specifier of process.argv.slice(2)) {
  const isJson = specifier.endsWith('.json');
  const module = await import(specifier, isJson ? { with: { type: 'json' } } : {});
  names[specifier] = Object.keys(isJson ? module.default : module).sort();
}`;

const REQUIRE = `
const names = {};
for (const specifier of process.argv.slice(2)) names[specifier] = Object.keys(require(specifier)).sort();`;

const PRINT = '\nconsole.log(JSON.stringify(names));\n';

/**
 * Loads every export by `import`, by `require`, and by both in one process.
 *
 * @returns the names that they export, which are the same each time.
 */
export async function load({ folder, subjects }: Consumer, node: NodeRelease): Promise<Names> {
  const both = `import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const imported = await (async () => {${IMPORT}
return names; })();
${REQUIRE}
if (JSON.stringify(imported) !== JSON.stringify(names)) throw new Error('the two builds export different names');`;
  const programs = { 'load.mjs': IMPORT, 'load.cjs': REQUIRE, 'load-both.mjs': both };
  const specifiers = subjects.flatMap(specifiersOf);
  const results: Names[] = [];
  for (const [file, code] of Object.entries(programs)) {
    writeFileSync(join(folder, file), code + PRINT);
    results.push(JSON.parse(await run(node.path, [file, ...specifiers], { cwd: folder })));
  }
  const [names = {}, ...others] = results;
  if (!others.every((other) => isDeepStrictEqual(other, names))) throw new Error('import and require find other names');
  const empty = specifiers.filter((specifier) => names[specifier]?.length === 0);
  if (empty.length > 0) throw new Error(`nothing is exported by ${empty.join(', ')}`);
  return names;
}

/** Runs every bin with `--help`, as a shell does: by its first line, and the Node that is found first. */
export async function runBins({ folder, subjects }: Consumer, node: NodeRelease): Promise<string[]> {
  const bins = subjects.flatMap(({ manifest }) => Object.keys(manifest.bin ?? {}));
  for (const bin of bins) {
    const path = join(node.path, '..');
    const help = await run(join(folder, 'node_modules/.bin', bin), ['--help'], { cwd: folder, path });
    if (!help.includes(bin)) throw new Error(`\`${bin} --help\` printed ${JSON.stringify(help)}`);
  }
  return bins;
}
