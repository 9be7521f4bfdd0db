import { TokenIssueError } from './errors.ts';
import type { Block } from './permission.ts';
import type { Token } from './ports.ts';
import type { Purpose, Round } from './question.ts';
import type { Vigil } from './vigil.ts';

/** What callers of one process share: a run of rounds until there is a token, an error, or nobody left who waits. */
export interface Flight {
  /** Joins the run under way or starts one. `mayWait`: this caller waits while another asks, or for the interval to pass. */
  join(mayWait: (block: Block) => boolean): { readonly result: Promise<FlightResult>; leave(): void };
  /** Settles when no run is under way any more. */
  landed(): Promise<unknown>;
}

export type FlightResult = { readonly token: Token } | { readonly block: Block };

export function createFlight(options: {
  readonly vigil: Vigil;
  round(purpose: Purpose): Promise<Round>;
  /** Taken anew at the start of each run. */
  purpose(): Purpose;
  onBlock(block: Block): void;
  isClosed(): boolean;
}): Flight {
  const { vigil, onBlock } = options;
  const passengers = new Set<{ mayWait(block: Block): boolean }>();
  let running: Promise<FlightResult> | undefined;

  async function run(): Promise<FlightResult> {
    const purpose = options.purpose();
    let stopAttending: (() => void) | undefined;
    try {
      for (;;) {
        const seen = vigil.changes;
        const round = await options.round(purpose);
        if (round !== 'again' && 'token' in round) return round;
        if (options.isClosed()) throw new TokenIssueError('The token manager was closed');
        if (round === 'again') {
          if (passengers.size === 0) throw new TokenIssueError('Nobody waits for a token any more');
          continue;
        }
        onBlock(round.block);
        if (![...passengers].some((passenger) => passenger.mayWait(round.block))) return round;
        if (stopAttending === undefined) {
          // Subscribe first, then read once more: what was stored in between would raise no notice.
          stopAttending = vigil.attend();
          continue;
        }
        await vigil.wait(round.block, seen);
      }
    } finally {
      stopAttending?.();
      running = undefined;
    }
  }

  return {
    join(mayWait) {
      const passenger = { mayWait };
      passengers.add(passenger);
      running ??= run();
      return {
        result: running,
        leave() {
          passengers.delete(passenger);
          if (passengers.size === 0) vigil.ring();
        },
      };
    },
    landed: async () => running,
  };
}
