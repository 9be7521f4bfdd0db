/** How a task ended. `'unanswered'`: its call may have arrived until now. */
export type Outcome = 'answered' | 'unanswered' | 'refused';

/** Where slots come from; who is next is the engine's affair. A permit is what the gate has to know of a task that runs. */
export interface Gate<Permit> {
  /** Tasks that run. */
  readonly running: number;
  /** Whether whoever comes may start at once; mostly told without a look at the clock. */
  isOpen(): boolean;
  hasSlot(nowMs: number): boolean;
  /** How long whoever stands behind `place` others has to wait, at the least. */
  waitMs(place: number, nowMs: number): number;
  /** Callers wait from this moment on, or have ceased to. */
  setWaiting(isWaiting: boolean, nowMs: number): void;
  /** Somebody waits who could start: sees to it that there is a slot, and says when to look for it; `Infinity`: it calls `serve`. */
  seek(nowMs: number): number;
  /** A task has had its first synchronous part, which is when a request really leaves. */
  begin(): Permit;
  /** Whether its refusal has begun a pause. */
  end(permit: Permit, outcome: Outcome, nowMs: number): boolean;
  pause(pauseMs: number, nowMs: number): void;
  stats(nowMs: number): { readonly effectiveLimit: number; readonly slotsInUse: number; readonly pauseMs: number };
  /** Nobody will ask any more. */
  close(): Promise<void>;
}

/** What a gate that has to ask for its slots needs to know, and to say. */
export interface Engine {
  /** How many callers could start now, if there were slots. */
  wanted(): number;
  /** It has slots, or knows when there will be some. */
  serve(): void;
}
