import type { Outcome } from '../gate.ts';
import type { EndedGrant } from './ports.ts';

/** A task that runs, by a slot that was granted. */
export interface Permit {
  readonly grant: string;
  /** When the request was sent that gave it, and when the task started. */
  readonly askedMs: number;
  readonly startedMs: number;
}

/** What this process has to say of its grants. */
export interface Ledger {
  readonly running: number;
  /** Whether something has ended that was not reported. */
  readonly hasNews: boolean;
  begin(permit: Permit): void;
  end(permit: Permit, outcome: Outcome, nowMs: number): void;
  /** A grant that nobody used. */
  giveBack(grant: string, askedMs: number, nowMs: number): void;
  report(nowMs: number): { readonly running: readonly string[]; readonly ended: readonly EndedGrant[] };
  heard(ended: readonly EndedGrant[]): void;
  /** What ended before this moment is of no account any more. */
  forget(untilMs: number): void;
}

export function createLedger(): Ledger {
  const running = new Set<Permit>();
  let ended: { grant: string; askedMs: number; endedMs: number; outcome: EndedGrant['outcome'] }[] = [];
  return {
    get running() {
      return running.size;
    },
    get hasNews() {
      return ended.length > 0;
    },
    begin(permit) {
      running.add(permit);
    },
    end(permit, outcome, nowMs) {
      running.delete(permit);
      ended.push({ grant: permit.grant, askedMs: permit.askedMs, endedMs: nowMs, outcome });
    },
    giveBack(grant, askedMs, nowMs) {
      ended.push({ grant, askedMs, endedMs: nowMs, outcome: 'unused' });
    },
    report: (nowMs) => ({
      running: Array.from(running, ({ grant }) => grant),
      ended: ended.map(({ grant, askedMs, endedMs, outcome }) => ({
        grant,
        askedAgoMs: nowMs - askedMs,
        endedAgoMs: nowMs - endedMs,
        outcome,
      })),
    }),
    heard(reported) {
      const heard = new Set(reported.map(({ grant }) => grant));
      ended = ended.filter(({ grant }) => !heard.has(grant));
    },
    forget(untilMs) {
      ended = ended.filter(({ endedMs }) => endedMs >= untilMs);
    },
  };
}
