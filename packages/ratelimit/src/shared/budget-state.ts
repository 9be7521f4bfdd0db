import { type AdaptiveState, createAdaptiveState } from '../adaptive-limit.ts';

/** All that the processes of one budget share, as JSON. Instants are milliseconds of the backend's clock. */
export interface BudgetState {
  /** Of the request that made it. */
  readonly generation: string;
  readonly madeMs: number;
  /** The last exchange. */
  atMs: number;
  slots: Slot[];
  peers: Peer[];
  /** Of the peer that was given the last slot: `served`. Who was not hungry begins there. */
  served: number;
  readonly rest: SharedRest;
  readonly adaptive: AdaptiveState;
  /** How long somebody has waited, ever. */
  waitedMs: number;
}

interface Slot {
  readonly grant: string;
  /** Of a running task's, the end of its lease. */
  freeAtMs: number;
}

export interface Peer {
  readonly name: string;
  seenMs: number;
  /** The last request that was carried out, and how many grants it was given. */
  number: number;
  granted: number;
  /** How many slots it was given, ever; of hungry peers the one with the smallest number is next. */
  served: number;
  /** What it was not given, and when it was told to come again. */
  wanted: number;
  dueMs: number;
  creditMs: number;
}

/** A pause of all, and the task that goes first after one that refusals caused. */
export interface SharedRest {
  untilMs: number;
  /** The last burst of refusals, and how many there were. */
  burstMs: number;
  bursts: number;
  scout: 'none' | 'due' | 'out';
  scoutGrant: string;
  scoutMs: number;
}

export function createBudgetState(generation: string, limit: number, nowMs: number): BudgetState {
  return {
    generation,
    madeMs: nowMs,
    atMs: nowMs,
    slots: [],
    peers: [],
    served: 0,
    rest: { untilMs: nowMs, burstMs: 0, bursts: 0, scout: 'none', scoutGrant: '', scoutMs: 0 },
    adaptive: createAdaptiveState(limit),
    waitedMs: 0,
  };
}

/** A grant is `<peer>.<number of the request>.<index>`. */
export function grantOf(peer: string, number: number, index: number): string {
  return `${peer}.${number}.${index}`;
}
