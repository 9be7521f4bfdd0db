import { readdirSync, readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { join } from 'node:path';
import type { Consumer } from './consumer.ts';
import { optionalPeersOf, type PackedPackage } from './packages.ts';

/** Where a build names a module: `from '…'`, `import '…'`, `import('…')`, `require('…')` and `require.resolve('…')`. */
const NAMED = /(?:\bfrom|\bimport\s*\(?|\brequire\w*\s*(?:\.resolve\s*)?\()\s*(["'])([^"'\n]+)\1/g;

/** What a package's builds name and its dependencies do not give: what is loaded late, loading the exports does not find. */
export function findMissingNeeds(packed: PackedPackage, { folder }: Consumer): string[] {
  const { name, manifest } = packed;
  const home = join(folder, 'node_modules', name);
  const declared = [name, ...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })];
  const optional = optionalPeersOf(packed);
  const files = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /^(?!node_modules).*\.c?js$/.test(file),
  );
  return files.flatMap((file) => {
    const path = join(home, file);
    const { resolve } = createRequire(path);
    return bareSpecifiers(readFileSync(path, 'utf8')).flatMap((specifier) => {
      const [owner = ''] = /^(?:@[^/]+\/)?[^/]+/.exec(specifier) ?? [];
      if (!declared.includes(owner)) return [`${file} names ${specifier}, which is no dependency of ${name}`];
      if (optional.includes(owner)) return [];
      try {
        resolve(specifier);
        return [];
      } catch (error) {
        return [`${file} names ${specifier}: ${String(error).split('\n')[0]}`];
      }
    });
  });
}

function bareSpecifiers(code: string): string[] {
  const specifiers = [...code.matchAll(NAMED)].map(([, , specifier = '']) => specifier);
  return [...new Set(specifiers)].filter((specifier) => /^[@a-z]/i.test(specifier) && !isBuiltin(specifier));
}
