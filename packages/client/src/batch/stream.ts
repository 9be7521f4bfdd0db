import type { CircuitBreaker } from '@kis/breaker';
import type { RateLimiter } from '@kis/ratelimit';
import type { Clock } from '@kis/token-core';
import type { QuoteCache } from '../cache/quote-cache.ts';
import type { OnSent } from '../call-count.ts';
import type { EventSink } from '../events.ts';
import type { QuoteSource } from '../quote-source.ts';
import type { CallOptions, Request } from '../request.ts';
import { isHopeless } from './hopeless.ts';
import type { BatchItem } from './item.ts';
import { type Job, runJobs } from './jobs.ts';
import type { Codes, Kind } from './kind.ts';
import { createPatience } from './patience.ts';

/** What a client's batches are made of. */
export interface BatchSource extends Omit<QuoteSource, 'request'> {
  /** The client's `request`, which tells of each call that goes out. */
  createRequest(onSent: OnSent): Request;
  readonly cache: QuoteCache;
  readonly clock: Clock;
  readonly rateLimiter: RateLimiter;
  readonly breaker: CircuitBreaker;
  /** Aborted when the client is closed. */
  readonly closing: AbortSignal;
  readonly onEvent: EventSink;
}

export interface StreamOptions extends CallOptions {
  /** How many calls wait or run at once at most. Default 10. */
  readonly concurrency?: number | undefined;
}

const perEvent = 100;

/**
 * The items of a batch. `total`: how many there will be.
 *
 * @throws RangeError, TypeError naming what is wrong with the options.
 */
export function createStream<T>(
  source: BatchSource,
  kind: Kind<T>,
  codes: Codes,
  options: StreamOptions & { readonly total?: number; readonly onSent?: OnSent },
): AsyncGenerator<BatchItem<T>, void, undefined> {
  const { concurrency = 10, signal, total, onSent = () => {} } = options;
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new RangeError(`client: \`concurrency\` must be an integer >= 1, got ${String(concurrency)}`);
  }
  const { environment, closing, rateLimiter, onEvent } = source;
  const request = createPatience(source)(source.createRequest(onSent));
  const isEnd = (error: unknown, stopped: AbortSignal) => stopped.aborted || closing.aborted || isHopeless(error);

  function tell(completed: number): void {
    const { effectiveLimit, windowMs } = rateLimiter.stats();
    const calls = total === undefined ? undefined : (total - completed) * kind.callsEach(environment);
    const estimatedMs = calls === undefined ? undefined : Math.ceil((calls * windowMs) / effectiveLimit);
    onEvent({ type: 'batch', completed, total, estimatedMs });
  }

  async function* jobs(): AsyncGenerator<Job<BatchItem<T>>, void, undefined> {
    const ask = kind.createAsk({ ...source, request }, isEnd);
    for await (const block of kind.blocks(environment, codes)) yield ask(block);
  }

  async function* told(): AsyncGenerator<BatchItem<T>, void, undefined> {
    if (total !== undefined) tell(0);
    let completed = 0;
    for await (const item of runJobs(jobs(), { concurrency, signal })) {
      completed += 1;
      if (completed % perEvent === 0) tell(completed);
      yield item;
    }
  }
  return told();
}
