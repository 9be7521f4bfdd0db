import type { Kind } from './kind.ts';
import { type BatchSource, createStream, type StreamOptions } from './stream.ts';

export interface BatchOptions extends StreamOptions {
  /** Told of each stock that is done, well or not: how many are, of how many, and which one. What it throws is ignored. */
  readonly onProgress?: ((completed: number, total: number, code: string) => void) | undefined;
}

/** What came of a batch. */
export interface BatchResult<T> {
  /** By code, in the order in which they came. */
  readonly success: Map<string, T>;
  /** By code: the error with which it failed. */
  readonly failed: Map<string, unknown>;
  readonly stats: BatchStats;
  /**
   * What ended the batch early: `signal.reason`, or the error that every further code would have met. Codes that were not
   * done by then are in neither map. Undefined where all are done.
   */
  readonly stoppedBy?: unknown;
}

export interface BatchStats {
  /** Codes, each counted once: those that succeeded, those that failed, and those that were not done when the batch was stopped. */
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Calls that KIS was sent, repeats included. */
  readonly requests: number;
  /** Of these the repeats. */
  readonly retried: number;
  readonly durationMs: number;
  /** Those that succeeded. */
  readonly stocksPerSecond: number;
}

/** A batch to its end, each code once. */
export async function collect<T>(
  source: BatchSource,
  kind: Kind<T>,
  codes: Iterable<string>,
  { onProgress, ...options }: BatchOptions,
): Promise<BatchResult<T>> {
  const wanted = new Set(codes);
  const total = wanted.size;
  const success = new Map<string, T>();
  const failed = new Map<string, unknown>();
  let requests = 0;
  let retried = 0;
  let stopped: Pick<BatchResult<T>, 'stoppedBy'> = {};

  const onSent = (times: number) => {
    requests += 1;
    if (times > 1) retried += 1;
  };
  const stream = createStream(source, kind, wanted, { ...options, total, onSent });
  const startedMs = source.monotonicMs();
  try {
    for await (const { code, value, error } of stream) {
      if (value === undefined) failed.set(code, error);
      else success.set(code, value);
      try {
        onProgress?.(success.size + failed.size, total, code);
      } catch {
        // A listener's mistake must not end the batch.
      }
    }
  } catch (stoppedBy) {
    // A signal may come when all are done, and nobody has looked for more yet.
    if (success.size + failed.size < total) stopped = { stoppedBy };
  }
  const durationMs = source.monotonicMs() - startedMs;
  const stocksPerSecond = durationMs === 0 ? 0 : (success.size * 1_000) / durationMs;
  const stats = { total, succeeded: success.size, failed: failed.size, retried, requests, durationMs, stocksPerSecond };
  return { success, failed, stats, ...stopped };
}
