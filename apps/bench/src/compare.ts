import { measure } from 'mitata';

export interface Subject {
  readonly name: string;
  run(): unknown;
}

/**
 * Measures the subjects in turn, several rounds, and prints the median round of each: a machine that drifts, drifts
 * for all. The last column is the ratio to the first subject.
 */
export async function compare(
  title: string,
  unit: 'ns' | 'us',
  subjects: readonly Subject[],
  rounds = 5,
): Promise<ReadonlyMap<string, number>> {
  const seen = new Map(subjects.map(({ name }) => [name, { p50: [] as number[], p99: [] as number[] }]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, run } of subjects) {
      // A sample of fast things is a batch, so its average is what one call costs.
      const { p50, p99, avg } = await measure(run, { min_cpu_time: 100_000_000 });
      seen.get(name)?.p50.push(unit === 'ns' ? avg : p50);
      seen.get(name)?.p99.push(p99);
    }
  }
  const scale = unit === 'ns' ? 1 : 1_000;
  const medians = new Map([...seen].map(([name, { p50 }]) => [name, median(p50) / scale]));
  const base = [...medians.values()][0] ?? 1;
  console.log(`\n${title}`);
  for (const [name, value] of medians) {
    const p99 = median(seen.get(name)?.p99 ?? []) / scale;
    const columns = [`${value.toFixed(unit === 'ns' ? 1 : 0)} ${unit}`, `p99 ${p99.toFixed(0)}`];
    console.log(
      `  ${name.padEnd(52)}${columns[0]?.padStart(12)}${columns[1]?.padStart(12)}   x ${(value / base).toFixed(2)}`,
    );
  }
  return medians;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
