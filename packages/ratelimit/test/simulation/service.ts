import type { VirtualTime } from './virtual-time.ts';

/** A service at the far end of a network that counts what arrives, as KIS does: at most `limit` in any 1,000 ms. */
export interface Service {
  /** One call: resolves with its answer, or rejects with `refusal`, when the reply is back. */
  call(): Promise<void>;
  setLimit(limit: number): void;
  /** From now on each answer takes so much longer. */
  setDelay(ms: number): void;
  /** Refuses the next call, whatever its window holds. */
  refuseNext(): void;
  /** When calls left, and when they were accepted or refused, in order. */
  readonly sentMs: readonly number[];
  readonly acceptedMs: readonly number[];
  readonly refusedMs: readonly number[];
}

export const refusal: Error = new Error('too many calls');

export interface Network {
  /** Each way takes 20 ms and up to so much more. */
  readonly jitterMs: number;
  /** For 2 % of the ways up to so much more still. */
  readonly tailMs: number;
}

export function createService(time: VirtualTime, first: number, network: Network, random: () => number): Service {
  const sentMs: number[] = [];
  const acceptedMs: number[] = [];
  const refusedMs: number[] = [];
  let limit = first;
  let stray = 0;
  let delayMs = 0;
  let oldest = 0;

  function wayMs(): number {
    return 20 + random() * network.jitterMs + (random() < 0.02 ? random() * network.tailMs : 0);
  }

  function accepts(): boolean {
    while ((acceptedMs[oldest] ?? Infinity) <= time.nowMs - 1_000) oldest += 1;
    if (stray > 0 || acceptedMs.length - oldest >= limit) {
      stray = Math.max(0, stray - 1);
      refusedMs.push(time.nowMs);
      return false;
    }
    acceptedMs.push(time.nowMs);
    return true;
  }

  return {
    async call() {
      sentMs.push(time.nowMs);
      await time.pass(wayMs());
      const isAccepted = accepts();
      await time.pass(5 + random() * 5 + delayMs + wayMs());
      if (!isAccepted) throw refusal;
    },
    setLimit(to) {
      limit = to;
    },
    setDelay(ms) {
      delayMs = ms;
    },
    refuseNext() {
      stray += 1;
    },
    sentMs,
    acceptedMs,
    refusedMs,
  };
}

/** The same numbers from 0 to 1 for the same seed. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
