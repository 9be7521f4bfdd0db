import type { Clock } from './ports.ts';
import type { Random } from './random.ts';
import type { Settings } from './settings.ts';

const TAIL_SHARE = 0.02;

/** How long one call travels before it is judged, and how long its answer travels back. */
export interface Delays {
  readonly beforeMs: number;
  readonly afterMs: number;
}

/** Jitter and tail lie on the way there, so that calls do not arrive as evenly as they were sent. */
export function drawDelays(settings: Settings, isTokenRequest: boolean, random: Random): Delays {
  if (isTokenRequest) return { beforeMs: settings.tokenLatencyMs / 2, afterMs: settings.tokenLatencyMs / 2 };
  const tailMs = random() < TAIL_SHARE ? random() * settings.tailMs : 0;
  return { beforeMs: settings.latencyMs / 2 + random() * settings.jitterMs + tailMs, afterMs: settings.latencyMs / 2 };
}

/** Waits; an abort rejects with the signal's reason. */
export function delay(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted) return Promise.reject(signal.reason);
  if (ms <= 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.setTimer(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
