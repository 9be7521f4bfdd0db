import type { QuoteSource } from '../quote-source.ts';
import type { BatchItem } from './item.ts';
import type { Job } from './jobs.ts';

export type Codes = Iterable<string> | AsyncIterable<string>;

/** Whether an error is not of the code that met it, but the end of the batch. */
export type IsEnd = (error: unknown, signal: AbortSignal) => boolean;

/** What is asked about many codes. */
export interface Kind<T> {
  /** Which codes are asked about together, as they come. */
  blocks(environment: QuoteSource['environment'], codes: Codes): AsyncGenerator<readonly string[], void, undefined>;
  /** What asks about such a block, or about a part of one. */
  createAsk(source: QuoteSource, isEnd: IsEnd): (block: readonly string[]) => Job<BatchItem<T>>;
  /** How many calls a code takes, at the least. */
  callsEach(environment: QuoteSource['environment']): number;
}
