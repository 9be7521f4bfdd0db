import { createRateLimiter, type RateLimiter, type RateLimiterOptions } from '../../src/index.ts';
import { createRandom, createService, type Network, refusal, type Service } from './service.ts';
import { createVirtualTime, type VirtualTime } from './virtual-time.ts';

/** Callers, one adaptive limiter with a ceiling of 18, and a service. */
export interface Crowd {
  readonly time: VirtualTime;
  readonly service: Service;
  readonly limiter: RateLimiter;
  /** From now on so many want their next call at once when they have their answer; a refused call is asked again. */
  want(callers: number): void;
  /** From now on one caller makes a call each so many ms, and asks a refused one again. */
  drip(everyMs: number): void;
  /** Whoever calls stops after its call. */
  rest(): void;
}

const calm: Network = { jitterMs: 30, tailMs: 0 };

export function createCrowd(limit: number, seed: number, options: Partial<RateLimiterOptions> = {}): Crowd {
  const time = createVirtualTime();
  const service = createService(time, limit, calm, createRandom(seed));
  const limiter = createRateLimiter({
    limit: 18,
    adaptive: true,
    isRefusal: (error) => error === refusal,
    queueTimeoutMs: Infinity,
    clock: time.clock,
    ...options,
  });
  let shift = 0;

  async function call(isRepeat = false): Promise<void> {
    try {
      await limiter.execute(service.call, { isRepeat });
    } catch (error) {
      if (error !== refusal) throw error;
      await call(true);
    }
  }

  return {
    time,
    service,
    limiter,
    want(callers) {
      const mine = shift;
      const work = async (): Promise<void> => {
        while (shift === mine) await call();
      };
      for (let n = 0; n < callers; n += 1) void work();
    },
    drip(everyMs) {
      const mine = shift;
      const work = async (): Promise<void> => {
        while (shift === mine) {
          void call();
          await time.pass(everyMs);
        }
      };
      void work();
    },
    rest() {
      shift += 1;
    },
  };
}

/** The most of these moments in any span of so many ms. */
export function mostIn(moments: readonly number[], spanMs: number): number {
  let most = 0;
  let from = 0;
  for (const [to, atMs] of moments.entries()) {
    while ((moments[from] ?? 0) <= atMs - spanMs) from += 1;
    most = Math.max(most, to - from + 1);
  }
  return most;
}
