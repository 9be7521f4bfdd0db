import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Consumer, installAlone, installTogether } from './consumer.ts';
import { inParallel } from './in-parallel.ts';
import { lintManifest, lintTypes } from './lint.ts';
import { load, type Names, runBins } from './load.ts';
import { askForMissingPeers } from './missing-peers.ts';
import { findMissingNeeds } from './needs.ts';
import { defaultNodes, findNode, type NodeRelease } from './nodes.ts';
import { type PackedPackage, packAll } from './packages.ts';
import { findTableFaults, sizeKb } from './sizes.ts';
import { createSteps } from './steps.ts';
import { loadTwoBuilds } from './two-builds.ts';
import { checkTypes, installNodeTypes, type TypeSetting, typeSettings, writeTypeTests } from './types.ts';

// Packs all packages and does with the tarballs what users do. Arguments: the Nodes to do it on, by major or full version.
const wanted = process.argv.length > 2 ? process.argv.slice(2) : defaultNodes(console.log);

const root = fileURLToPath(new URL('../../..', import.meta.url));
const cache = fileURLToPath(new URL('../node_modules/.cache', import.meta.url));
const temp = mkdtempSync(join(tmpdir(), 'kis-packed-'));
const { step, finish } = createSteps(console.log);

try {
  const nodes: NodeRelease[] = [];
  for (const release of wanted) {
    const node = await step(
      `Node ${release}`,
      () => findNode(release, cache),
      ({ version }) => version,
    );
    if (node !== undefined) nodes.push(node);
  }
  const packages = await step('pack', () => packAll(join(root, 'packages'), temp), listNames);
  if (packages !== undefined) await check(packages, nodes);
} finally {
  rmSync(temp, { recursive: true });
}
process.exitCode = finish() ? 0 : 1;

async function check(packages: readonly PackedPackage[], nodes: readonly NodeRelease[]): Promise<void> {
  await inParallel(packages, async (packed) => {
    await step(`publint ${packed.name}`, () => lintManifest(packed));
    await step(`attw ${packed.name}`, () => lintTypes(packed));
  });

  const typeRoots: [string, string][] = [];
  for (const major of new Set(nodes.map(({ version }) => version.slice(1).replace(/\..*/, '')))) {
    const typeRoot = await step(`@types/node@${major}`, () => installNodeTypes(cache, major));
    if (typeRoot !== undefined) typeRoots.push([major, typeRoot]);
  }

  const together = await step('install all together', () => installTogether(temp, packages));
  if (together !== undefined) {
    await checkConsumer(together, nodes, typeSettings(typeRoots, ['node16', 'nodenext']));
    for (const node of nodes) await step(`both builds, Node ${node.wanted}`, () => loadTwoBuilds(together, node));
    await step('README tables', () => checkTables(packages, together));
  }

  // What is asked of a lone package is whether all is there that its types name, and this no setting changes.
  const settings = typeSettings(typeRoots.slice(0, 1), ['node16']);
  for (const packed of packages) {
    const alone = await step(`install ${packed.name} alone`, () => installAlone(temp, packed, packages));
    if (alone === undefined) continue;
    await step(`needs of ${packed.name}`, async () => failOn(findMissingNeeds(packed, alone)));
    await checkConsumer(alone, nodes, settings);
  }
}

async function checkConsumer(
  consumer: Consumer,
  nodes: readonly NodeRelease[],
  settings: readonly TypeSetting[],
): Promise<void> {
  let names: Names | undefined;
  for (const node of nodes) {
    const where = `${consumer.name}, Node ${node.wanted}`;
    names = (await step(`load ${where}`, () => load(consumer, node), countExports)) ?? names;
    if (hasBins(consumer)) await step(`bins ${where}`, () => runBins(consumer, node), String);
    if (consumer.missingPeers.length > 0) {
      await step(`missing peers of ${where}`, () => askForMissingPeers(consumer, node), String);
    }
  }
  if (names === undefined) return;
  const left = writeTypeTests(consumer, names);
  if (left.length > 0) console.log(`      types of ${left.join(', ')} need ${consumer.missingPeers.join(', ')}`);
  await inParallel(settings, (setting) =>
    step(`types ${consumer.name}, ${setting.title}`, () => checkTypes(consumer, setting)),
  );
}

async function checkTables(packages: readonly PackedPackage[], together: Consumer): Promise<void> {
  const rows = await Promise.all(packages.map(async (packed) => ({ packed, kb: await sizeKb(packed, together) })));
  failOn(['README.md', 'README.ko.md'].flatMap((name) => findTableFaults(join(root, name), rows)));
}

function failOn(faults: readonly string[]): void {
  if (faults.length > 0) throw new Error(faults.join('\n'));
}

function hasBins({ subjects }: Consumer): boolean {
  return subjects.some(({ manifest }) => manifest.bin !== undefined);
}

function listNames(packages: readonly PackedPackage[]): string {
  return packages.map(({ name }) => name).join(', ');
}

function countExports(names: Names): string {
  return `${Object.keys(names).length} exports`;
}
