/**
 * What the processes of one budget share: the slots, who asks for them, a pause, and what refusals have left of the limit.
 * `exchange` of budget.ts is the rule; a backend carries it out.
 * A slot is granted when it is free, never ahead: whoever has none is told when to come again, so that a process that is
 * killed or frozen while it waits holds nothing.
 */
export interface SharedBudget {
  /** What the names of this process's peers begin with. */
  readonly peerPrefix: string;
  /**
   * Reports what has ended, and asks for slots, in one step of the backend. Rejects when it is not known whether it was
   * carried out; then the same request comes again, and is carried out once.
   */
  exchange(request: BudgetRequest): Promise<BudgetAnswer>;
  /** How long an exchange that comes to nothing takes at the most. */
  readonly longestMs: number;
  close(): Promise<void>;
}

export interface BudgetRequest {
  /** Who asks: one limiter of one process, by a name of a-z, 0-9 and `-` that no other one has ever had. */
  readonly peer: string;
  /** Of this request: 1, 2, 3 … of its peer, which sends none before the last one was answered, but that one again. */
  readonly number: number;
  /** How many callers could start at once. 0: nobody waits. */
  readonly wanted: number;
  readonly ended: readonly EndedGrant[];
  /** Grants whose tasks run: their slots are kept for another lease. */
  readonly running: readonly string[];
  /** A pause for all, from now; 0: none. */
  readonly pauseMs: number;
  /** How much of a window its slots are given back early: see `createRoundTrips`. */
  readonly creditMs: number;
  /** The state that this peer knows; undefined: none. Where another or none is found, slots are in use that nobody remembers. */
  readonly generation: string | undefined;
  /** How long it may take, like others, to notice that the backend can be reached again. */
  readonly returnMs: number;
}

export interface EndedGrant {
  readonly grant: string;
  /** By the peer's own clock, when the request is sent: how long ago it asked for this grant, and the task ended. */
  readonly askedAgoMs: number;
  readonly endedAgoMs: number;
  /** `'unused'`: nothing was sent, and the slot is free at once. `'unanswered'`: it may have arrived until it ended. */
  readonly outcome: 'answered' | 'unanswered' | 'refused' | 'unused';
}

export interface BudgetAnswer {
  /** Slots that were given, to be used at once. */
  readonly grants: readonly string[];
  /** When to come again for those who got none; `Infinity`: all that was wanted was given. */
  readonly waitMs: number;
  /** What refusals have left of the limit. */
  readonly effectiveLimit: number;
  readonly slotsInUse: number;
  /** What is left of a pause. */
  readonly pauseMs: number;
  /** How many bursts of refusals this state has seen. */
  readonly bursts: number;
  /** Peers that were seen of late, this one among them. */
  readonly peers: number;
  readonly generation: string;
}
