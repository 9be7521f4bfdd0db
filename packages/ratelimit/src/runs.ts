import type { Gate, Outcome } from './gate.ts';
import type { CheckedOptions } from './options.ts';
import type { Waits } from './waits.ts';

/** Tasks from their start to their end. */
export interface Runs {
  /** A task is in its first synchronous part. */
  readonly isStarting: boolean;
  /** Tasks that began, ever, and of these the refused ones. */
  readonly granted: number;
  readonly refused: number;
  /** Throws what the task throws before it has returned a promise: then it has not begun. */
  begin<T>(task: () => Promise<T>, waitedMs: number): Promise<T>;
}

/** `onEnd` is told of each end before its caller is, and whether a pause has begun with it. */
export function createRuns<Permit>(
  gate: Gate<Permit>,
  waits: Waits,
  { isRefusal, clock }: CheckedOptions,
  onEnd: (nowMs: number, isPaused: boolean) => void,
): Runs {
  const runs = { isStarting: false, granted: 0, refused: 0, begin };

  function begin<T>(task: () => Promise<T>, waitedMs: number): Promise<T> {
    let result: Promise<T>;
    runs.isStarting = true;
    try {
      result = task();
    } finally {
      runs.isStarting = false;
    }
    runs.granted += 1;
    waits.add(waitedMs);
    return attend(result, gate.begin());
  }

  async function attend<T>(result: Promise<T>, permit: Permit): Promise<T> {
    let value: T;
    try {
      value = await result;
    } catch (error) {
      end(permit, tellsOfRefusal(error) ? 'refused' : 'unanswered');
      throw error;
    }
    end(permit, 'answered');
    return value;
  }

  function tellsOfRefusal(error: unknown): boolean {
    try {
      return isRefusal(error);
    } catch {
      // The task's own error is what the caller has to hear of.
      return false;
    }
  }

  function end(permit: Permit, outcome: Outcome): void {
    const endedMs = clock.monotonicMs();
    if (outcome === 'refused') runs.refused += 1;
    onEnd(endedMs, gate.end(permit, outcome, endedMs));
  }

  return runs;
}
