import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { ccxtVersion, hasCcxt } from './peers/fetch-ccxt.ts';
import { type Table, toBarLine, toMarkdown } from './table.ts';

/** Those whose version is to be known by whoever reads the tables. */
const packages = [
  ...['bottleneck', 'p-queue', 'p-throttle', 'limiter', 'rate-limiter-flexible', 'cockatiel', 'opossum'],
  ...['proper-lockfile', 'write-file-atomic', 'ioredis', 'redlock'],
];

/** What holds for all tables. Taken before the first of them, for the machine's load is the bench's own then. */
export function describeRun(): string {
  const versions = [
    ...packages.map((name) => `${name} ${versionOf(name)}`),
    hasCcxt() ? `ccxt ${ccxtVersion}` : 'ccxt NOT RUN (npm cannot be reached)',
  ];
  const [load = 0] = loadavg();
  return [
    `- ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, Node ${process.version}`,
    `- ${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown'} (${process.platform}, ${process.arch}), load ${load.toFixed(1)} before the run`,
    `- ${versions.join(', ')}`,
  ].join('\n');
}

/** All that was found, for the repository. */
export function toResults(run: string, tables: readonly Table[]): string {
  const parts = [
    '# What it costs, and what it keeps',
    'Written by `npx pnpm@10.34.9 bench`. Compare the rows of one table: machines differ, and drift.',
    run,
    summarize(tables),
    ...tables.map(toMarkdown),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** Which bars were missed. */
export function summarize(tables: readonly Table[]): string {
  const bars = tables.flatMap(({ bars = [] }) => bars);
  const missed = bars.filter(({ isMet }) => !isMet);
  const line = `${bars.length - missed.length} of ${bars.length} bars are met${missed.length === 0 ? '.' : '; not these:'}`;
  return [line, ...missed.map(toBarLine)].join('\n');
}

function versionOf(name: string): string {
  const manifest = readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
