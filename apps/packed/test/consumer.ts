import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Consumer } from '../src/consumer.ts';
import type { PackedManifest } from '../src/packages.ts';

const good = {
  'index.js': 'export const a = 1;',
  'index.cjs': 'exports.a = 1;',
  'index.d.ts': 'export declare const a: number;',
  'index.d.cts': 'export declare const a: number;',
};

const exports = {
  '.': {
    import: { types: './index.d.ts', default: './index.js' },
    require: { types: './index.d.cts', default: './index.cjs' },
  },
  './package.json': './package.json',
};

/** A folder in which one package, called `it`, is installed; `files` and `manifest` differ from those of a good one. */
export function consumerOf(files: Partial<typeof good> = {}, manifest: Partial<PackedManifest> = {}): Consumer {
  const folder = mkdtempSync(join(tmpdir(), 'kis-consumer-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const home = join(folder, 'node_modules/it');
  mkdirSync(home, { recursive: true });
  const whole = { name: 'it', version: '1.0.0', type: 'module', exports, ...manifest };
  for (const [name, text] of Object.entries({ ...good, ...files })) writeFileSync(join(home, name), text);
  writeFileSync(join(home, 'package.json'), JSON.stringify(whole));
  const packed = { name: 'it', manifest: whole, tarball: '' };
  return { name: 'it', folder, subjects: [packed], missingPeers: Object.keys(manifest.peerDependencies ?? {}) };
}
