/** What the asking peer was told to keep to. */
export interface BudgetRules {
  readonly limit: number;
  readonly windowMs: number;
  readonly adaptive: boolean;
}

/** How long a slot of a running task is kept for a peer that is not heard of. */
export function leaseMsOf(windowMs: number): number {
  return Math.max(3 * windowMs, 3_000);
}

/** How long a peer that is not heard of counts as one: longer than slots of it are kept. */
export function memoryMsOf(windowMs: number): number {
  return Math.max(10_000, 4 * windowMs);
}
