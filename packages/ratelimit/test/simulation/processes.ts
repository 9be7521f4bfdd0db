import type { RateLimitEvent, RateLimiter, RateLimiterOptions } from '../../src/index.ts';
import { checkOptions } from '../../src/options.ts';
import { createSharedRateLimiter } from '../../src/shared/shared-rate-limiter.ts';
import { type Backend, createBackend } from './backend.ts';
import { createRandom, createService, type Network, refusal, type Service } from './service.ts';
import { createVirtualTime, type VirtualTime } from './virtual-time.ts';

/** One process: it runs as long as it is not frozen; one that is never thawed was killed. */
interface Process {
  readonly limiter: RateLimiter;
  readonly events: readonly RateLimitEvent[];
  /** When its calls had their answers. */
  readonly doneMs: readonly number[];
  readonly errors: readonly unknown[];
  /** Asks for so many calls at once. */
  call(count: number): Promise<void>;
  freeze(): void;
  thaw(): void;
}

/** Processes of one budget, and a service that counts what arrives. */
export interface Scene {
  readonly time: VirtualTime;
  readonly service: Service;
  readonly backend: Backend;
  readonly processes: readonly Process[];
}

export const calm: Network = { jitterMs: 30, tailMs: 0 };

export function createScene(
  count: number,
  seed: number,
  { network = calm, ...options }: Partial<RateLimiterOptions> & { readonly network?: Network } = {},
  /** What the last process has instead. */
  ofLast: Partial<RateLimiterOptions> = {},
): Scene {
  const time = createVirtualTime();
  const random = createRandom(seed);
  const service = createService(time, 18, network, random);
  const backend = createBackend(time, random);
  const processes = Array.from({ length: count }, (_, index) =>
    createProcess(time, service, backend, index + 1 < count ? options : { ...options, ...ofLast }),
  );
  return { time, service, backend, processes };
}

function createProcess(
  time: VirtualTime,
  service: Service,
  backend: Backend,
  options: Partial<RateLimiterOptions>,
): Process {
  const events: RateLimitEvent[] = [];
  const doneMs: number[] = [];
  const errors: unknown[] = [];
  let isFrozen = false;
  let late: (() => void)[] = [];

  const whenRunning = (run: () => void) => {
    if (isFrozen) late.push(run);
    else run();
  };
  const running = () => new Promise<void>(whenRunning);

  const checked = checkOptions({
    limit: 18,
    isRefusal: (error) => error === refusal,
    queueTimeoutMs: Infinity,
    onEvent: (event) => events.push(event),
    ...options,
    clock: {
      monotonicMs: () => time.nowMs,
      setTimer: (ms, run) => time.clock.setTimer(ms, () => whenRunning(run)),
    },
  });
  const budget = backend.connect(checked);
  const heard = {
    ...budget,
    exchange: (request: Parameters<typeof budget.exchange>[0]) => budget.exchange(request).finally(running),
  };
  const limiter = createSharedRateLimiter(checked, heard, { reportWithinMs: 20 });

  async function callOnce(): Promise<void> {
    try {
      await limiter.execute(() => service.call().finally(running));
      doneMs.push(time.nowMs);
    } catch (error) {
      errors.push(error);
    }
  }

  return {
    limiter,
    events,
    doneMs,
    errors,
    async call(calls) {
      await Promise.all(Array.from({ length: calls }, callOnce));
    },
    freeze() {
      isFrozen = true;
    },
    thaw() {
      isFrozen = false;
      const runs = late;
      late = [];
      for (const run of runs) run();
    },
  };
}
