import { type Point, points } from './points.ts';
import { between, createRandom, oneOf, type Random } from './random.ts';

/** What happens in one round: the same for the same seed and number. */
export interface Plan {
  /** Tokens of a few seconds, which end and are renewed within the round, or of a day. */
  readonly isShortLived: boolean;
  /** Of each process. */
  readonly acts: readonly (readonly Act[])[];
  readonly faults: readonly [Fault, ...Fault[]];
}

/** What a process does so long after the round began. */
export interface Act {
  readonly atMs: number;
  /** `'invalidate'`: says that KIS refused the token it had first, and gets another. */
  readonly what: 'get' | 'invalidate' | 'refresh';
}

export type Fault = { readonly who: number } & (
  | { readonly kind: 'kill'; readonly when: When }
  | { readonly kind: 'freeze'; readonly when: When; readonly forMs: number }
  /** The process's wall clock goes wrong by so much, and right again after `forMs`. */
  | { readonly kind: 'jump'; readonly when: number; readonly forMs: number; readonly byMs: number }
);

/** Milliseconds after the round began, or where the process is then. */
type When = number | Point;

export const PROCESSES = 8;
export const LEASE_MS = 1_000;

const HOUR_MS = 3_600_000;

export function drawPlan(seed: number, round: number): Plan {
  const random = createRandom(seed, round);
  const isShortLived = random() < 0.15;
  const faults: [Fault, ...Fault[]] = [drawFault(random)];
  if (random() < 0.35) faults.push(drawFault(random));
  const leaders = new Set(faults.filter(({ when }) => typeof when === 'string').map(({ who }) => who));
  // KIS is asked for three tokens an hour in place of such as have not ended, and a fourth not.
  const chance = random();
  const refused = chance < 0.35 ? 2 : 0;
  const refresher = chance > 0.75 ? between(random, 0, PROCESSES - 1) : undefined;

  const acts = Array.from({ length: PROCESSES }, (_, who): Act[] => {
    // Whoever is to be hit at a point has to get there first.
    const drawn: Act[] = [
      { what: 'get', atMs: leaders.has(who) ? 0 : between(random, 0, 30) + (leaders.size > 0 ? 15 : 0) },
    ];
    if (who < refused) drawn.push({ what: 'invalidate', atMs: between(random, 60, 500) });
    if (who === refresher) drawn.push({ what: 'refresh', atMs: between(random, 60, 500) });
    if (isShortLived) drawn.push({ what: 'get', atMs: between(random, 1_000, 3_200) });
    return drawn;
  });
  return { isShortLived, acts, faults };
}

function drawFault(random: Random): Fault {
  const who = between(random, 0, PROCESSES - 1);
  const chance = random();
  if (chance < 0.35) return { kind: 'kill', who, when: drawWhen(random) };
  if (chance < 0.7) {
    const isLong = random() < 0.5;
    const forMs = isLong ? between(random, 0.6 * LEASE_MS, 1.6 * LEASE_MS) : between(random, 20, 0.4 * LEASE_MS);
    return { kind: 'freeze', who, when: drawWhen(random), forMs };
  }
  const byMs = oneOf(random, [1_000, HOUR_MS, 24 * HOUR_MS]) * (random() < 0.5 ? 1 : -1);
  return { kind: 'jump', who, when: between(random, 0, 400), forMs: between(random, 50, 600), byMs };
}

function drawWhen(random: Random): When {
  return random() < 0.5 ? oneOf(random, points) : between(random, 0, random() < 0.7 ? 120 : 600);
}

/** How a fault is named where rounds are counted. */
export function faultName(fault: Fault): string {
  const where = typeof fault.when === 'string' ? ` at "${fault.when}"` : '';
  switch (fault.kind) {
    case 'kill':
      return `kill${where}`;
    case 'freeze':
      return `freeze ${fault.forMs > LEASE_MS ? 'past the lease' : 'within the lease'}${where}`;
    case 'jump':
      return `clock ${fault.byMs > 0 ? '+' : '-'}${{ 1000: '1 s', 3600000: '1 h' }[Math.abs(fault.byMs)] ?? '1 day'}`;
  }
}
