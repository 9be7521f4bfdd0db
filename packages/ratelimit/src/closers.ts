import { setTimer } from './alarm.ts';
import type { Clock } from './ports.ts';

/** Who waits for a limiter to be closed. */
export interface Closers {
  /** Resolves with `tell`, or after `timeoutMs`, when `onTimeout` was called. */
  join(timeoutMs: number, onTimeout: () => void): Promise<void>;
  tell(): void;
}

export function createClosers(clock: Clock): Closers {
  const closers = new Set<() => void>();
  return {
    join: (timeoutMs, onTimeout) =>
      new Promise((resolve) => {
        const cancel =
          timeoutMs === Infinity
            ? () => {}
            : setTimer(clock, timeoutMs, () => {
                onTimeout();
                tell();
              });
        const tell = () => {
          closers.delete(tell);
          cancel();
          resolve();
        };
        closers.add(tell);
      }),
    tell() {
      for (const tell of closers) tell();
    },
  };
}
