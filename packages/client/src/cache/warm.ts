import { checkCodes } from '../batch/check-codes.ts';
import type { BatchItem } from '../batch/item.ts';
import { type ChartOptions, checkChartOptions } from '../chart.ts';
import { checkOneOf, checkSettings } from '../check.ts';
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
  /** How many answers the cache has kept. */
  readonly succeeded: number;
  readonly failed: number;
}

/** Asks KIS about many codes, and has each answer kept. Throws what every code would meet, and `signal.reason`. */
export type WarmStream = (
  codes: readonly string[],
  options: Pick<WarmOptions, 'chart' | 'signal'>,
) => AsyncIterable<BatchItem<object>>;

/** By type; undefined for one that is not kept. */
export type WarmStreams = Readonly<Record<WarmType, WarmStream | undefined>>;

const warmTypes: readonly WarmType[] = ['price', 'chart', 'info'];

export function checkWarmOptions(options: WarmOptions): readonly WarmType[] {
  checkSettings('options', options, ['types', 'chart', 'signal']);
  const { types = warmTypes, chart } = options;
  if (chart !== undefined) checkChartOptions(chart);
  if (!Array.isArray(types)) throw new TypeError(`client: \`types\` must be an array, got ${String(types)}`);
  return types.map((type) => checkOneOf('types', type, warmTypes));
}

/** One type after another, each code once. */
export async function warm(
  streams: WarmStreams,
  codes: Iterable<string>,
  options: WarmOptions,
  { maxEntries, monotonicMs }: { readonly maxEntries: number; monotonicMs(): number },
): Promise<WarmReport> {
  const warmed = checkWarmOptions(options).flatMap((type) => {
    const stream = streams[type];
    return stream === undefined ? [] : [{ type, stream }];
  });
  const wanted = [...new Set(checkCodes(codes))];
  const needed = wanted.length * warmed.length;
  if (needed > maxEntries) {
    // The first types would be gone by the end of the last one.
    const what = `${wanted.length} codes of ${warmed.length} types`;
    throw new RangeError(`client: \`cache.maxEntries\` must be >= ${needed} to warm ${what}, got ${maxEntries}`);
  }
  const counts: Partial<Record<WarmType, WarmCount>> = {};
  const startedMs = monotonicMs();
  for (const { type, stream } of warmed) counts[type] = await count(stream(wanted, options));
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
