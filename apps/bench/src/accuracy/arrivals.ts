/** The most instants that lie in any `windowMs`, of which one end does not count: what is a whole window apart is not together. */
export function mostInAny(windowMs: number, instantsMs: readonly number[]): number {
  const sorted = [...instantsMs].sort((a, b) => a - b);
  let most = 0;
  let oldest = 0;
  for (const [index, ms] of sorted.entries()) {
    while ((sorted[oldest] ?? ms) <= ms - windowMs) oldest += 1;
    most = Math.max(most, index - oldest + 1);
  }
  return most;
}
