/** A well-mixed 32-bit hash of three integers: the same numbers give the same result on every machine, and any point can be asked for on its own. */
export function hash(seed: number, a: number, b: number): number {
  let h = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(a | 0, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) ^ Math.imul(b | 0, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The hash as a number of [0, 1). */
export function unit(seed: number, a: number, b: number): number {
  return hash(seed, a, b) / 0x1_0000_0000;
}

/** The hash as a number of [-1, 1). */
export function signed(seed: number, a: number, b: number): number {
  return hash(seed, a, b) / 0x8000_0000 - 1;
}

/** A line through random points that stand `period` apart: continuous, within [-1, 1], and known at any `x` without its past. */
export function wave(seed: number, salt: number, x: number, period: number): number {
  const left = Math.floor(x / period);
  const share = x / period - left;
  return signed(seed, salt, left) * (1 - share) + signed(seed, salt, left + 1) * share;
}
