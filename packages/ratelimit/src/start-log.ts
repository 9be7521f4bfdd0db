/** When the last `limit` tasks started: the sliding window, exactly. */
export interface StartLog {
  add(nowMs: number): void;
  /** When the slot after the next `place` ones may be used; `place` is below `limit`. */
  freeAtMs(place: number): number;
  startedSince(ms: number): number;
}

export function createStartLog(limit: number, windowMs: number): StartLog {
  const starts = new Float64Array(limit).fill(-Infinity);
  let oldest = 0;
  return {
    add(nowMs) {
      starts[oldest] = nowMs;
      oldest = (oldest + 1) % limit;
    },
    freeAtMs: (place) => (starts[(oldest + place) % limit] ?? -Infinity) + windowMs,
    startedSince: (ms) => starts.reduce((count, startMs) => (startMs > ms ? count + 1 : count), 0),
  };
}
