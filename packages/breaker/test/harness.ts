import { type CircuitBreaker, type CircuitBreakerOptions, createCircuitBreaker } from '../src/index.ts';

export const failure: Error = new Error('down');
/** By default no failure. */
export const abort: DOMException = new DOMException('left', 'AbortError');
export const fail = (): Promise<never> => Promise.reject(failure);
export const succeed = async (): Promise<string> => 'up';
export const leave = (): Promise<never> => Promise.reject(abort);

/** A task that ends when told to. */
export function createTask(): {
  run(): Promise<string>;
  resolve(value: string): void;
  reject(reason: unknown): void;
} {
  let resolve = (_: string) => {};
  let reject = (_: unknown) => {};
  const promise = new Promise<string>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { run: () => promise, resolve, reject };
}

export interface Circuit {
  readonly breaker: CircuitBreaker;
  advance(ms: number): void;
  failTimes(times: number): Promise<void>;
}

/** A breaker whose rest takes a second, at a clock that moves when told to. */
export function createCircuit(options: CircuitBreakerOptions = {}): Circuit {
  let nowMs = 5_000;
  const breaker = createCircuitBreaker({ openMs: 1_000, clock: { monotonicMs: () => nowMs }, ...options });
  return {
    breaker,
    advance(ms) {
      nowMs += ms;
    },
    async failTimes(times) {
      for (let n = 0; n < times; n += 1) await breaker.execute(fail).catch(() => {});
    },
  };
}

export function createHalfOpen(options: CircuitBreakerOptions = {}): Circuit {
  const circuit = createCircuit(options);
  circuit.breaker.open();
  circuit.advance(1_000);
  return circuit;
}

export interface Callers {
  /** How many tasks ran. */
  readonly ran: number;
  /** What those were told whose task did not run. */
  rejected(): Promise<readonly unknown[]>;
  /** When the tasks that ran have ended, and the breaker knows. */
  ended(): Promise<void>;
}

/** Many callers at once. */
export function call(breaker: CircuitBreaker, times: number, task: () => Promise<string>): Callers {
  let ran = 0;
  const running: Promise<unknown>[] = [];
  const rejected: Promise<unknown>[] = [];
  for (let n = 0; n < times; n += 1) {
    const ranBefore = ran;
    const result = breaker.execute(() => {
      ran += 1;
      return task();
    });
    const end = result.catch((error: unknown) => error);
    (ran > ranBefore ? running : rejected).push(end);
  }
  return {
    ran,
    rejected: () => Promise.all(rejected),
    async ended() {
      await Promise.all(running);
    },
  };
}
