import { createAlarm } from '../alarm.ts';
import type { Engine, Gate } from '../gate.ts';
import type { CheckedOptions } from '../options.ts';
import { createRoundTrips } from '../round-trips.ts';
import { leaseMsOf } from './budget-rules.ts';
import { createKnown } from './known.ts';
import { createLedger, type Permit } from './ledger.ts';
import { createLocalShare, type LocalShare } from './local-share.ts';
import type { SharedBudget } from './ports.ts';
import { type Answered, createQuestions, type Question } from './questions.ts';
import { graceMs } from './turns.ts';

/** How long after a question that failed it is put again. */
const retryMs = 500;

/** The longest pause that is told to others, since it outlives who told it. */
const longestPauseMs = 3_600_000;

export interface SharedPermit extends Permit {
  /** It was begun while the budget could not be reached. */
  readonly local?: { readonly share: LocalShare; readonly permit: number } | undefined;
}

export interface SharedGateOptions {
  readonly options: CheckedOptions;
  readonly budget: SharedBudget;
  /** A random name, of this limiter alone. */
  readonly peer: string;
  /** How long the end of a task may wait to be reported together with others. */
  readonly reportWithinMs: number;
}

/** The slots that a budget of many processes grants to this one; while it cannot be reached, those of a share of its own. */
export function createSharedGate(
  { options, budget, peer, reportWithinMs }: SharedGateOptions,
  engine: Engine,
): Gate<SharedPermit> {
  const { limit, windowMs, clock, onEvent } = options;
  const leaseMs = leaseMsOf(windowMs);
  // By then the next question is answered, or has come to nothing.
  const returnMs = budget.longestMs + retryMs + graceMs;
  const roundTrips = createRoundTrips(options.roundTripCredit, limit, windowMs);
  const questions = createQuestions(budget, peer, clock);
  const ledger = createLedger();
  const known = createKnown(options);
  const reporting = createAlarm(clock, () => hasNews() && ask());
  const renewing = createAlarm(clock, renew, false);
  /** Given, and not begun: there are some only while those who wait are served. */
  let grants: string[] = [];
  let askedMs = 0;
  let asking: Promise<void> | undefined;
  /** When to ask again, for those who wait. */
  let dueMs = -Infinity;
  /** Nothing starts before; and of a pause that the others have to be told of, its end. */
  let heldUntilMs = -Infinity;
  let untoldUntilMs = -Infinity;
  let isUrgent = false;
  let share: LocalShare | undefined;
  let ownGrants = 0;
  let isWaiting = false;
  let closing: Promise<void> | undefined;
  let isClosed = false;

  function question(nowMs: number): Question {
    isUrgent = false;
    return {
      wanted: nowMs < heldUntilMs ? 0 : engine.wanted(),
      ...ledger.report(nowMs),
      pauseMs: Math.min(Math.max(0, untoldUntilMs - nowMs), longestPauseMs),
      creditMs: roundTrips.creditMs,
      generation: known.generation(nowMs),
      returnMs,
    };
  }

  /** What has ended, or that nobody will come when it was told to. */
  function hasNews(): boolean {
    return ledger.hasNews || (dueMs > -Infinity && !isWaiting);
  }

  /** One question at a time; what comes up meanwhile is said by the next one. */
  function ask(): void {
    if (asking === undefined && !isClosed) asking = put();
  }

  /** When the question that is under way was answered, if there is one. */
  function tellAtOnce(): void {
    isUrgent = true;
    ask();
  }

  async function put(): Promise<void> {
    // Whoever comes in the same turn is counted.
    await undefined;
    let answered: Answered;
    try {
      answered = await questions.ask(question);
    } catch (error) {
      asking = undefined;
      bearSilence(error);
      return;
    }
    asking = undefined;
    bearAnswer(answered);
  }

  function bearAnswer({ answer, question, askedMs: sentMs }: Answered): void {
    const nowMs = clock.monotonicMs();
    ledger.heard(question.ended);
    if (untoldUntilMs <= sentMs + question.pauseMs) untoldUntilMs = -Infinity;
    known.hear(answer, nowMs);
    dueMs = answer.waitMs === Infinity ? -Infinity : nowMs + answer.waitMs;
    grants = [...answer.grants];
    askedMs = sentMs;
    if (share !== undefined) restore(nowMs);
    // This process was frozen meanwhile, and the lease may be over soon.
    if (nowMs - sentMs > leaseMs / 2) giveBack(nowMs);
    engine.serve();
    giveBack(nowMs);
    if (isUrgent) ask();
    else if (hasNews()) report(nowMs);
    if (ledger.running > 0) renewing.set(nowMs + leaseMs / 3, nowMs);
  }

  /** At once: others may have been told to wait for them. */
  function giveBack(nowMs: number): void {
    if (grants.length === 0) return;
    for (const grant of grants) ledger.giveBack(grant, askedMs, nowMs);
    grants = [];
    ask();
  }

  function bearSilence(error: unknown): void {
    const nowMs = clock.monotonicMs();
    if (share === undefined) degrade(error, nowMs);
    else share.confirm(nowMs);
    known.beAway(nowMs);
    ledger.forget(nowMs - leaseMs);
    engine.serve();
    renewing.set(nowMs + retryMs, nowMs);
  }

  /** Slots of others may be in use for a window, and may be of tasks that this process knows nothing of. */
  function degrade(error: unknown, nowMs: number): void {
    const { peers, limit: effectiveLimit } = known;
    const running = () => ledger.running;
    const given = { options, roundTrips, effectiveLimit, peers, running };
    share = createLocalShare({ ...given, sinceMs: nowMs, trustMs: returnMs });
    dueMs = -Infinity;
    share.gate.pause(Math.max(windowMs, heldUntilMs - nowMs), nowMs);
    share.gate.setWaiting(isWaiting, nowMs);
    onEvent({ type: 'degraded', peers, limit: share.limit, windowMs: share.windowMs, error });
  }

  /** By then the others are back as well, and have said what of theirs is in use. */
  function restore(nowMs: number): void {
    share = undefined;
    heldUntilMs = Math.max(heldUntilMs, nowMs + Math.max(windowMs, returnMs));
    onEvent({ type: 'restored' });
  }

  function report(nowMs: number): void {
    reporting.set(nowMs + reportWithinMs, nowMs);
  }

  /** Keeps the slots of tasks that run for long; puts a question again that was not answered. */
  function renew(): void {
    const nowMs = clock.monotonicMs();
    if (share === undefined && ledger.running === 0) return;
    const renewMs = share === undefined ? known.answeredMs + leaseMs / 3 : nowMs;
    if (renewMs <= nowMs) ask();
    else renewing.set(renewMs, nowMs);
  }

  async function finish(): Promise<void> {
    await asking;
    if (hasNews() && share === undefined) ask();
    await asking;
    isClosed = true;
    reporting.cancel();
    renewing.cancel();
    await budget.close();
  }

  return {
    get running() {
      return ledger.running;
    },
    isOpen: () => share?.gate.isOpen() === true,
    hasSlot(nowMs) {
      if (share !== undefined) return share.gate.hasSlot(nowMs);
      return grants.length > 0 && nowMs >= heldUntilMs;
    },
    waitMs(place, nowMs) {
      if (share !== undefined) return share.gate.waitMs(place, nowMs);
      return Math.max(0, dueMs - nowMs, heldUntilMs - nowMs) + Math.floor(place / known.limit) * windowMs;
    },
    setWaiting(to, nowMs) {
      isWaiting = to;
      share?.gate.setWaiting(to, nowMs);
      if (share === undefined && hasNews()) report(nowMs);
    },
    seek(nowMs) {
      if (share !== undefined) return share.gate.seek(nowMs);
      const fromMs = Math.max(dueMs, heldUntilMs);
      if (fromMs > nowMs) return fromMs;
      ask();
      return Infinity;
    },
    begin() {
      const startedMs = clock.monotonicMs();
      const permit = share === undefined ? permitOf(startedMs) : ownPermit(share, startedMs);
      ledger.begin(permit);
      return permit;
    },
    end(permit, outcome, nowMs) {
      const { local, startedMs } = permit;
      // A burst that the share has borne is not told to others.
      ledger.end(permit, local !== undefined && outcome === 'refused' ? 'answered' : outcome, nowMs);
      if (local !== undefined && local.share === share) return share.gate.end(local.permit, outcome, nowMs);
      if (outcome !== 'unanswered') roundTrips.see(nowMs - startedMs);
      if (outcome === 'refused') tellAtOnce();
      else report(nowMs);
      return false;
    },
    pause(pauseMs, nowMs) {
      heldUntilMs = Math.max(heldUntilMs, nowMs + pauseMs);
      untoldUntilMs = Math.max(untoldUntilMs, nowMs + pauseMs);
      share?.gate.pause(pauseMs, nowMs);
      tellAtOnce();
    },
    stats(nowMs) {
      if (share !== undefined) return share.gate.stats(nowMs);
      return {
        effectiveLimit: known.limit,
        slotsInUse: known.slotsInUse(nowMs, ledger.running),
        pauseMs: Math.max(0, heldUntilMs - nowMs, known.pauseMs(nowMs)),
      };
    },
    close: () => (closing ??= finish()),
  };

  function permitOf(startedMs: number): SharedPermit {
    return { grant: grants.shift() ?? '', askedMs, startedMs };
  }

  function ownPermit(local: LocalShare, startedMs: number): SharedPermit {
    ownGrants += 1;
    const grant = `${peer}.own.${ownGrants}`;
    return { grant, askedMs: startedMs, startedMs, local: { share: local, permit: local.gate.begin() } };
  }
}
