import type { BatchItem } from '../batch/item.ts';
import type { ChartOptions } from '../chart.ts';
import { checkOneOf } from '../check.ts';
import type { CallOptions } from '../request.ts';

export type WarmType = 'price' | 'chart' | 'info';

export interface WarmOptions extends CallOptions {
  /** Default: all three. One whose lifetime is 0 is passed over. */
  readonly types?: readonly WarmType[] | undefined;
  /** Which charts: those that will be asked for, since a chart is kept by its options. Default: 100 days. */
  readonly chart?: Pick<ChartOptions, 'period' | 'count' | 'adjusted'> | undefined;
}

/** What came of a warming: by type, but for those that were not asked about. */
export interface WarmReport extends Readonly<Partial<Record<WarmType, WarmCount>>> {
  readonly durationMs: number;
}

interface WarmCount {
  readonly succeeded: number;
  readonly failed: number;
}

/** Asks KIS about many codes, by type, and has each answer kept. Throws what every code would meet, and `signal.reason`. */
export type WarmStreams = Readonly<
  Record<WarmType, ((codes: readonly string[], options: WarmOptions) => AsyncIterable<BatchItem<object>>) | undefined>
>;

const warmTypes: readonly WarmType[] = ['price', 'chart', 'info'];

export function checkWarmOptions({ types = warmTypes }: WarmOptions): readonly WarmType[] {
  if (!Array.isArray(types)) throw new TypeError(`client: \`types\` must be an array, got ${String(types)}`);
  return types.map((type) => checkOneOf('types', type, warmTypes));
}

/** One type after another, each code once. */
export async function warm(
  streams: WarmStreams,
  codes: Iterable<string>,
  options: WarmOptions,
  monotonicMs: () => number,
): Promise<WarmReport> {
  const types = checkWarmOptions(options);
  const wanted = [...new Set(codes)];
  const counts: Partial<Record<WarmType, WarmCount>> = {};
  const startedMs = monotonicMs();
  for (const type of types) {
    const items = streams[type]?.(wanted, options);
    if (items !== undefined) counts[type] = await count(items);
  }
  return { ...counts, durationMs: monotonicMs() - startedMs };
}

async function count(items: AsyncIterable<BatchItem<object>>): Promise<WarmCount> {
  let succeeded = 0;
  let failed = 0;
  for await (const { value } of items) {
    if (value === undefined) failed += 1;
    else succeeded += 1;
  }
  return { succeeded, failed };
}
