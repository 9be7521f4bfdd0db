import type { BatchItem } from '../batch/item.ts';
import type { Done, Job } from '../batch/jobs.ts';
import type { Codes, Kind } from '../batch/kind.ts';
import type { CachedType } from './cache-options.ts';
import type { QuoteCache } from './quote-cache.ts';

/** As many as make ten calls of thirty, so that what is kept of them seldom leaves a call with fewer. */
const blockLength = 300;

/** What is asked about many codes, by way of the cache: those that are kept take no call. */
export function createCachedKind<T extends object>(
  cache: QuoteCache,
  type: CachedType,
  kind: Kind<T>,
  options: {
    readonly fresh?: boolean | undefined;
    /** Under which a code's value is kept. Default: the code. */
    readonly nameOf?: ((code: string) => string) | undefined;
    /** Whether what is kept will do. */
    readonly isEnough?: ((value: T) => boolean) | undefined;
  },
): Kind<T> {
  const { fresh = false, nameOf = (code) => code, isEnough = () => true } = options;
  if (!cache.keeps(type)) return kind;

  async function read(code: string): Promise<BatchItem<T>[]> {
    const value = fresh ? undefined : await cache.read<T>(type, nameOf(code));
    return value !== undefined && isEnough(value) ? [{ code, value }] : [];
  }

  /** Keeps what comes of a job, and of those that it leaves. */
  function keeping(job: Job<BatchItem<T>>, nowMs: () => number): Job<BatchItem<T>> {
    return async (signal): Promise<Done<BatchItem<T>>> => {
      const askedMs = nowMs();
      const { items, jobs = [] } = await job(signal);
      await Promise.all(items.map(({ code, value }) => value && cache.write(type, nameOf(code), value, askedMs)));
      return { items, jobs: jobs.map((it) => keeping(it, nowMs)) };
    };
  }

  return {
    ...kind,
    async *jobs(source, isEnd, codes) {
      for await (const block of blocksOf(codes)) {
        const items = (await Promise.all(block.map(read))).flat();
        if (items.length > 0) yield async () => ({ items });
        const kept = new Set(items.map(({ code }) => code));
        const missing = block.filter((code) => !kept.has(code));
        for await (const job of kind.jobs(source, isEnd, missing)) yield keeping(job, () => source.nowMs());
      }
    },
  };
}

async function* blocksOf(codes: Codes): AsyncGenerator<string[], void, undefined> {
  let block: string[] = [];
  for await (const code of codes) {
    block.push(code);
    if (block.length < blockLength) continue;
    yield block;
    block = [];
  }
  if (block.length > 0) yield block;
}
