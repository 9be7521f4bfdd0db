import type { BatchItem } from './item.ts';
import type { Job } from './jobs.ts';
import type { Codes, IsEnd } from './kind.ts';

/** Asks about one code by itself. */
export function createSingle<T>(
  isEnd: IsEnd,
  ask: (code: string, signal: AbortSignal) => Promise<T>,
): (code: string) => Job<BatchItem<T>> {
  return (code) => async (signal) => {
    try {
      return { items: [{ code, value: await ask(code, signal) }] };
    } catch (error) {
      if (isEnd(error, signal)) throw error;
      return { items: [{ code, error }] };
    }
  };
}

/** Each code by itself. */
export async function* blocksOfOne(codes: Codes): AsyncGenerator<readonly [string], void, undefined> {
  for await (const code of codes) yield [code];
}
