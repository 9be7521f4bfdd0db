import type { RateLimiterOptions } from '../options.ts';
import type { RateLimiter } from '../ports.ts';

/** One sentence of the contract, and how it is tried. */
export interface Clause {
  readonly name: string;
  run(bench: Bench): Promise<void>;
}

/** What a clause works with. */
export interface Bench {
  /** Limiters of one new budget. */
  create(options: RateLimiterOptions): Promise<Limiters>;
}

export interface Limiters {
  readonly all: readonly RateLimiter[];
  readonly one: RateLimiter;
  /** Another one, where there are several. */
  readonly other: RateLimiter;
}

/** What one limiter was told or gives back others may take so long to hear. */
export const propagationMs = 500;

/** What a task of a clause is refused with. */
const refusal: Error = new Error('one call too many');

export const isRefusal = (error: unknown): boolean => error === refusal;

export function pass(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A service somewhere else: a call is some ms under way to it, and some ms back. */
export interface Service {
  /** When calls arrived, in order. */
  readonly arrivals: readonly number[];
  call(options?: {
    readonly thereMs?: number;
    readonly backMs?: number;
    readonly isRefused?: boolean;
  }): () => Promise<void>;
}

export function createService(): Service {
  const arrivals: number[] = [];
  return {
    arrivals,
    call:
      ({ thereMs = 2, backMs = 2, isRefused = false } = {}) =>
      async () => {
        await pass(thereMs);
        arrivals.push(performance.now());
        await pass(backMs);
        if (isRefused) throw refusal;
      },
  };
}

/** The most of these moments in any span of so many ms. */
export function mostIn(moments: readonly number[], spanMs: number): number {
  return Math.max(0, ...moments.map((fromMs) => moments.filter((ms) => ms >= fromMs && ms < fromMs + spanMs).length));
}

/** What a call is rejected with. */
export async function rejectionOf(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new Error('The call was not rejected');
}
