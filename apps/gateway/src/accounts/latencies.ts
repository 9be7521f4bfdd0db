/** How long KIS took for its last answers. */
export interface Latencies {
  note(durationMs: number): void;
  /** Of the last minute; undefined where there was no call. */
  read(): { readonly p50Ms: number; readonly p99Ms: number } | undefined;
}

const KEPT = 1_200;
const AGE_MS = 60_000;

export function createLatencies(nowMs: () => number = () => performance.now()): Latencies {
  const kept: { readonly atMs: number; readonly durationMs: number }[] = [];
  return {
    note(durationMs) {
      kept.push({ atMs: nowMs(), durationMs });
      if (kept.length > KEPT) kept.shift();
    },
    read() {
      const sinceMs = nowMs() - AGE_MS;
      const sorted = kept.filter(({ atMs }) => atMs >= sinceMs).map(({ durationMs }) => durationMs);
      sorted.sort((a, b) => a - b);
      const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
      return sorted.length === 0 ? undefined : { p50Ms: at(0.5), p99Ms: at(0.99) };
    },
  };
}
