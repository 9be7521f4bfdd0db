export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Median and maximum, as wide as a column. */
export function spread(values: readonly number[]): string {
  return `median ${Math.round(median(values))}, max ${Math.round(Math.max(...values))}`.padEnd(24);
}
