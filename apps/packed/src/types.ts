import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Consumer } from './consumer.ts';
import type { Names } from './load.ts';
import { run } from './run.ts';

/** One way to set the compiler up. */
export interface TypeSetting {
  readonly title: string;
  readonly module: 'node16' | 'nodenext';
  readonly skipLibCheck: boolean;
  /** Where the types of Node lie. */
  readonly typeRoot: string;
}

/** Every combination. Nodes are given by their major and the place of their types. */
export function typeSettings(
  nodes: readonly (readonly [major: string, typeRoot: string])[],
  modules: readonly TypeSetting['module'][],
): TypeSetting[] {
  return nodes.flatMap(([major, typeRoot]) =>
    modules.flatMap((module) =>
      [true, false].map((skipLibCheck) => {
        const title = `${module}${skipLibCheck ? ', skipLibCheck' : ''}, @types/node@${major}`;
        return { title, module, skipLibCheck, typeRoot };
      }),
    ),
  );
}

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

/** Installs the types of a Node, for all consumers; gives the folder in which the compiler looks for them. */
export async function installNodeTypes(cache: string, major: string): Promise<string> {
  const folder = join(cache, `types-${major}`);
  mkdirSync(folder, { recursive: true });
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'];
  await run('npm', ['install', '--prefix', folder, ...quiet, `@types/node@${major}`], { cwd: folder });
  return join(folder, 'node_modules/@types');
}

/**
 * Writes one ES module and one CommonJS module that hold of every export exactly the names that are there when it runs.
 *
 * @returns the specifiers whose types need a peer that is missing, and which are left out therefore.
 */
export function writeTypeTests({ folder, missingPeers }: Consumer, names: Names): string[] {
  const specifiers = Object.keys(names).filter((specifier) => !specifier.endsWith('.json'));
  const left = specifiers.filter((specifier) => needsOneOf(missingPeers, folder, specifier));
  const kept = specifiers.filter((specifier) => !left.includes(specifier));
  const write = (file: string, importLine: (name: string, specifier: string) => string): void => {
    const lines = kept.flatMap((specifier, index) => {
      const all = (names[specifier] ?? []).map((name) => JSON.stringify(name));
      const [module, fields] = [`m${index}`, all.map((name) => `${name}: true`)];
      return [
        importLine(module, specifier),
        // Both: types that hold no value at all fit any object.
        `export const declared${index}: Record<keyof typeof ${module}, true> = { ${fields.join(', ')} };`,
        `export const values${index} = [${all.map((name) => `${module}[${name}]`).join(', ')}];\n`,
      ].join('\n');
    });
    writeFileSync(join(folder, file), `${lines.join('')}export {};\n`);
  };
  write('types.mts', (name, specifier) => `import * as ${name} from '${specifier}';`);
  write('types.cts', (name, specifier) => `import ${name} = require('${specifier}');`);
  return left;
}

/** An optional peer may be named by the types of the one export that is of use with it alone. */
function needsOneOf(peers: readonly string[], folder: string, specifier: string): boolean {
  const declarations = createRequire(join(folder, 'load.cjs'))
    .resolve(specifier)
    .replace(/\.cjs$/, '.d.cts');
  const text = readFileSync(declarations, 'utf8');
  return peers.some((peer) => text.includes(`from '${peer}'`));
}

/** What is wrong in the types of others, such as those of an old msw without a browser, is theirs. */
export async function checkTypes({ folder, subjects }: Consumer, setting: TypeSetting): Promise<void> {
  const { title, module, skipLibCheck, typeRoot } = setting;
  const project = `tsconfig.${title.replace(/\W+/g, '-')}.json`;
  const compilerOptions = {
    module,
    skipLibCheck,
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    target: 'ES2022',
    lib: ['ES2023'],
    types: ['node'],
    typeRoots: [typeRoot],
  };
  writeFileSync(join(folder, project), JSON.stringify({ compilerOptions, files: ['types.mts', 'types.cts'] }));
  try {
    await run(process.execPath, [tsc, '-p', project, '--pretty', 'false'], { cwd: folder });
  } catch (error) {
    const lines = String(error)
      .split('\n')
      .filter((line) => /\berror TS\d+: /.test(line));
    const ours = ['types.', 'error ', ...subjects.map(({ name }) => `node_modules/${name}/`)];
    const faults = lines.filter((line) => ours.some((start) => line.startsWith(start)));
    if (lines.length === 0) throw error;
    if (faults.length > 0) throw new Error(faults.join('\n'));
  }
}
