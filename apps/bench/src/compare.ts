import { measure } from 'mitata';
import { startChild } from './in-child.ts';
import { median } from './median.ts';
import type { Table } from './table.ts';

/** Nanoseconds. */
export interface Cost {
  readonly p50: number;
  readonly p99: number;
}

export interface Subject {
  readonly name: string;
  measure(): Promise<Cost>;
}

export interface Comparison {
  /** Of a subject, in the unit. */
  cost(name: string): number;
  readonly table: Pick<Table, 'columns' | 'rows'>;
}

/**
 * A sample of fast things is a batch. Batches are kept small, so that most of them are spared what else runs on the machine,
 * and since some limiters let one call through at once and the next one after a millisecond.
 */
export async function costOf(run: () => unknown): Promise<Cost> {
  const warmMs = performance.now() + 50;
  while (performance.now() < warmMs) await run();
  const { p50, p99 } = await measure(run, { min_cpu_time: 100_000_000, batch_samples: 128 });
  return { p50, p99 };
}

/**
 * Measures the subjects in turn, several rounds, and takes the median round of each: a machine that drifts, drifts for all. The
 * last column is the ratio to the first subject.
 */
export async function compare(unit: 'ns' | 'us', subjects: readonly Subject[], rounds = 5): Promise<Comparison> {
  const scale = unit === 'ns' ? 1 : 1_000;
  const seen = new Map(subjects.map(({ name }) => [name, [] as Cost[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, measure } of subjects) seen.get(name)?.push(await measure());
  }
  const pick = (name: string, figure: keyof Cost) => median((seen.get(name) ?? []).map((cost) => cost[figure])) / scale;
  const cost = (name: string) => pick(name, 'p50');
  const first = cost(subjects[0]?.name ?? '');
  return {
    cost,
    table: {
      columns: ['subject', unit, 'p99', 'x the first'],
      rows: subjects.map(({ name }) => [
        ...[name, Math.round(cost(name)), Math.round(pick(name, 'p99'))],
        (cost(name) / first).toFixed(2),
      ]),
    },
  };
}

/**
 * The same, each subject in a process of its own, which `script` makes of its argument with `beChild`: no subject bears what
 * another has left in the heap or taught the compiler.
 */
export async function compareInChildren(
  unit: 'ns' | 'us',
  script: URL,
  subjects: readonly { readonly name: string; readonly arg: string }[],
): Promise<Comparison> {
  const children = await Promise.all(
    subjects.map(async ({ name, arg }) => ({ name, child: await startChild<Cost>(script, [arg]) })),
  );
  try {
    const tooSlow = { p50: Number.NaN, p99: Number.NaN };
    return await compare(
      unit,
      children.map(({ name, child }) => ({ name, measure: async () => (await child.run()) ?? tooSlow })),
    );
  } finally {
    for (const { child } of children) child.end();
  }
}
