import type { BatchItem } from '../batch/item.ts';
import type { Done, Job } from '../batch/jobs.ts';
import type { Kind } from '../batch/kind.ts';
import type { CachedType } from './cache-options.ts';
import type { QuoteCache } from './quote-cache.ts';

interface CachedKindOptions<T> {
  /** Asks KIS whatever is kept. Default false. */
  readonly fresh?: boolean | undefined;
  /** An answer that is not kept counts as none, and is waited for. Default false. */
  readonly mustKeep?: boolean | undefined;
  /** Under which names a code's value may be kept. */
  readonly namesOf: (code: string) => readonly [string, ...string[]];
  /** Under which of them this one is. Default: the first. */
  readonly nameOf?: ((code: string, value: T) => string) | undefined;
  /** Which of the values that are kept, oldest first, is taken; undefined where none will do. Default: the newest. */
  readonly take?: ((kept: readonly T[]) => T | undefined) | undefined;
}

/** What is asked about many codes, by way of the cache: those that are kept take no call. */
export function createCachedKind<T extends object>(
  cache: QuoteCache,
  type: CachedType,
  kind: Kind<T>,
  options: CachedKindOptions<T>,
): Kind<T> {
  const { fresh = false, mustKeep = false, namesOf, nameOf = (code) => namesOf(code)[0] } = options;
  const { take = (kept) => kept.at(-1) } = options;
  if (!cache.keeps(type)) return kind;

  async function read(code: string): Promise<BatchItem<T>[]> {
    const value = fresh ? undefined : take(await cache.read<T>(type, namesOf(code)));
    return value === undefined ? [] : [{ code, value }];
  }

  async function keep(item: BatchItem<T>, askedMs: number): Promise<BatchItem<T>> {
    const { code, value } = item;
    if (value === undefined) return item;
    const isKept = await cache.write(type, nameOf(code, value), value, askedMs);
    return isKept || !mustKeep ? item : { code, error: new Error('the cache has not kept it') };
  }

  /** Keeps what comes of a job, and of those that it leaves. */
  function keeping(job: Job<BatchItem<T>>, nowMs: () => number): Job<BatchItem<T>> {
    return async (signal): Promise<Done<BatchItem<T>>> => {
      const askedMs = nowMs();
      const asked = job(signal);
      const keptItems = asked.then(({ items }) => Promise.all(items.map((item) => keep(item, askedMs))));
      cache.hold(keptItems);
      const { items, jobs = [] } = await asked;
      const others = jobs.map((it) => keeping(it, nowMs));
      if (mustKeep) return { items: await keptItems, jobs: others };
      // A slow store holds up who asks for more, not what is there.
      const waiting: Job<BatchItem<T>> = async () => {
        await keptItems;
        return { items: [] };
      };
      return { items, jobs: [waiting, ...others] };
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
