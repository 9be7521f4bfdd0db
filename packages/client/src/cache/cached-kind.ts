import type { BatchItem } from '../batch/item.ts';
import type { Done, Job } from '../batch/jobs.ts';
import type { Kind } from '../batch/kind.ts';
import type { CachedType } from './cache-options.ts';
import type { QuoteCache } from './quote-cache.ts';

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
    // Codes are gathered as they are without a cache: who gives them may wait for what comes of the last ones.
    createAsk(source, isEnd) {
      const ask = kind.createAsk(source, isEnd);
      return (block) => async () => {
        const items = (await Promise.all(block.map(read))).flat();
        const kept = new Set(items.map(({ code }) => code));
        const missing = block.filter((code) => !kept.has(code));
        return { items, jobs: missing.length === 0 ? [] : [keeping(ask(missing), () => source.nowMs())] };
      };
    },
  };
}
