/** How long the last callers waited. */
export interface Waits {
  add(ms: number): void;
  /** The waits that such shares of them did not exceed; 0 when nobody was there yet. */
  quantiles(share: number, other: number): [number, number];
}

const kept = 1_024;

export function createWaits(): Waits {
  const waits = new Float64Array(kept);
  let next = 0;
  let count = 0;
  return {
    add(ms) {
      waits[next] = ms;
      next = (next + 1) % kept;
      if (count < kept) count += 1;
    },
    quantiles(share, other) {
      const sorted = waits.slice(0, count).sort();
      const at = (part: number) => sorted[Math.max(0, Math.ceil(part * count) - 1)] ?? 0;
      return [at(share), at(other)];
    },
  };
}
