import { type AdaptiveState, createAdaptiveState } from '../adaptive-limit.ts';

/** Of what is kept. Who finds another one leaves it alone: other versions go by it. */
export const stateFormat = 1;

/** All that the processes of one budget share, as JSON. Instants are milliseconds of the backend's clock. */
export interface BudgetState {
  readonly format: typeof stateFormat;
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
  /** What it was told. */
  limit: number;
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
    format: stateFormat,
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

/** @throws Error where it is kept in another format. */
export function checkFormat(state: BudgetState): BudgetState {
  if (state.format === stateFormat) return state;
  throw new Error(`ratelimit: the budget is kept in format ${state.format}, and this version knows ${stateFormat}`);
}

/** A grant is `<peer>.<number of the request>.<index>`. */
export function grantOf(peer: string, number: number, index: number): string {
  return `${peer}.${number}.${index}`;
}
