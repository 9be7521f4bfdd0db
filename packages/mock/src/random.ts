import { unit } from './market/noise.ts';

/** A seeded sequence of numbers of [0, 1). */
export type Random = () => number;

/** A sequence of its own per `seed` and `stream`. */
export function createRandom(seed: number, stream: number): Random {
  let n = 0;
  return () => unit(seed, stream, n++);
}

/** So many random hexadecimal digits. */
export function randomHex(random: Random, digits: number): string {
  return Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
}

/** A random UUID of version 4. */
export function randomUuid(random: Random): string {
  const hex = randomHex(random, 30);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-a${hex.slice(15, 18)}-${hex.slice(18)}`;
}
