import type { QuoteSource } from '../quote-source.ts';
import type { BatchItem } from './item.ts';
import type { Job } from './jobs.ts';

export type Codes = Iterable<string> | AsyncIterable<string>;

/** Whether an error is not of the code that met it, but the end of the batch. */
export type IsEnd = (error: unknown, signal: AbortSignal) => boolean;

/** What is asked about many codes. */
export interface Kind<T> {
  jobs(source: QuoteSource, isEnd: IsEnd, codes: Codes): AsyncGenerator<Job<BatchItem<T>>, void, undefined>;
  /** How many calls a code takes, at the least. */
  callsEach(environment: QuoteSource['environment']): number;
}
