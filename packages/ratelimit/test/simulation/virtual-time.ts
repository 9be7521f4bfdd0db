import type { Clock } from '../../src/index.ts';

/** Time that goes from one event to the next; in between goes on whatever waits for nothing but memory. */
export interface VirtualTime {
  readonly clock: Clock;
  readonly nowMs: number;
  /** Resolves so much later. */
  pass(ms: number): Promise<void>;
  /** Plays all that happens up to this moment. */
  playUntil(ms: number): Promise<void>;
}

interface Timer {
  readonly atMs: number;
  readonly run: () => void;
  isCancelled: boolean;
}

export function createVirtualTime(): VirtualTime {
  const heap: Timer[] = [];
  let nowMs = 0;

  function push(timer: Timer): void {
    let index = heap.length;
    for (;;) {
      const above = heap[(index - 1) >> 1];
      if (index === 0 || above === undefined || above.atMs <= timer.atMs) break;
      heap[index] = above;
      index = (index - 1) >> 1;
    }
    heap[index] = timer;
  }

  function pop(): void {
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let below = 2 * index + 1;
      if ((heap[below + 1]?.atMs ?? Infinity) < (heap[below]?.atMs ?? Infinity)) below += 1;
      const next = heap[below];
      if (next === undefined || next.atMs >= last.atMs) break;
      heap[index] = next;
      index = below;
    }
    heap[index] = last;
  }

  function setTimer(ms: number, run: () => void): () => void {
    const timer: Timer = { atMs: nowMs + ms, run, isCancelled: false };
    push(timer);
    return () => {
      timer.isCancelled = true;
    };
  }

  return {
    clock: { monotonicMs: () => nowMs, setTimer },
    get nowMs() {
      return nowMs;
    },
    pass: (ms) => new Promise((resolve) => setTimer(ms, resolve)),
    async playUntil(ms) {
      await settle();
      for (let next = heap[0]; next !== undefined && next.atMs <= ms; next = heap[0]) {
        pop();
        if (next.isCancelled) continue;
        nowMs = next.atMs;
        next.run();
        await settle();
      }
      nowMs = ms;
    },
  };
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
