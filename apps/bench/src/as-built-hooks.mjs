import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

// An `import` would search the whole compiler for its exports, and take seconds.
const ts = createRequire(import.meta.url)('typescript');
const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };

/** Packages of ours are the built ones, though in the repository they export their sources. */
export async function resolve(specifier, context, nextResolve) {
  const found = await nextResolve(specifier, context);
  if (!specifier.startsWith('@kis/')) return found;
  const url = found.url.replace(/\/packages\/([^/]+)\/src\/(.+)\.ts$/, '/packages/$1/dist/$2.js');
  return { ...found, url, format: null };
}

/** Types are taken out and nothing is put in: a loader that keeps the names of functions makes every small one dearer. */
export async function load(url, context, nextLoad) {
  if (!url.endsWith('.ts')) return nextLoad(url, context);
  const { outputText } = ts.transpileModule(await readFile(new URL(url), 'utf8'), { compilerOptions });
  return { format: 'module', source: outputText, shortCircuit: true };
}
