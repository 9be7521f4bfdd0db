import type { BudgetRules } from '../../src/shared/budget-rules.ts';
import type { BudgetAnswer, BudgetRequest, EndedGrant } from '../../src/shared/ports.ts';

/** Some peers of one budget that do whatever peers may do. */
export interface RandomPeers {
  /** `isLost`: before it, all that was kept is lost. */
  next(): {
    readonly nowUs: number;
    readonly rules: BudgetRules;
    readonly request: BudgetRequest;
    readonly isLost: boolean;
    /** How long ago the backend was started, in whole seconds. */
    readonly uptime: number;
  };
  hear(request: BudgetRequest, answer: BudgetAnswer): void;
}

interface Peer {
  readonly name: string;
  readonly rules: BudgetRules;
  number: number;
  readonly creditMs: number;
  generation: string | undefined;
  /** With the moment in which it was asked for. */
  readonly running: Map<string, number>;
  last: BudgetRequest | undefined;
}

const outcomes = ['answered', 'answered', 'answered', 'unanswered', 'refused', 'unused'] as const;

/** `isBusy`: they want all they can get, and are mostly answered, so that the limit falls and rises; else anything happens. */
export function createPeers(random: () => number, isBusy: boolean): RandomPeers {
  const upTo = (most: number) => Math.floor(random() * (most + 1));
  const windowMs = isBusy ? ([2, 10, 200][upTo(2)] ?? 2) : 20 + upTo(980) + 0.5 * upTo(1);
  const limit = 1 + upTo(8);
  const peers = Array.from({ length: 1 + upTo(4) }, (_, index) => createPeer(index));
  let born = peers.length;
  let nowUs = 1_800_000_000_000_000 + upTo(1_000_000);
  let startedUs = nowUs - 1e9;
  let exchanges = 0;

  function createPeer(index: number): Peer {
    const creditMs = random() < 0.3 ? 0 : random() * 0.9 * windowMs;
    // They may have been told different things.
    const rules = { limit: random() < 0.1 ? limit + 1 : limit, windowMs, adaptive: random() < (isBusy ? 0.9 : 0.5) };
    const nothing = { number: 0, generation: undefined, last: undefined };
    return { name: `peer-${index}`, rules, creditMs, running: new Map(), ...nothing };
  }

  /** Now and then the clock stands, or goes back, or nobody asks for long. */
  function pass(): void {
    const chance = random();
    if (isBusy) {
      const isSlow = exchanges % 60 < 20;
      if (random() < 0.005) nowUs += upTo(5_000_000);
      else nowUs += upTo(isSlow ? 40_000 : Math.ceil(windowMs * 200));
    } else if (chance >= 0.11) nowUs += upTo(Math.ceil(windowMs * 250));
    else if (chance >= 0.102) nowUs += upTo(15_000_000);
    else if (chance >= 0.1) nowUs -= upTo(50_000);
  }

  function outcomeOf(): EndedGrant['outcome'] {
    if (!isBusy) return outcomes[upTo(outcomes.length - 1)] ?? 'answered';
    // Many fall at first, few later.
    return random() < (exchanges < 20 || exchanges % 60 === 20 ? 0.3 : 0.01) ? 'refused' : 'answered';
  }

  function endSome(peer: Peer): EndedGrant[] {
    const ended: EndedGrant[] = [];
    for (const [grant, askedUs] of [...peer.running]) {
      if (random() < (isBusy ? 0.05 : 0.5)) continue;
      peer.running.delete(grant);
      const askedAgoMs = (nowUs - askedUs) / 1_000;
      ended.push({ grant, askedAgoMs, endedAgoMs: random() * Math.max(0, askedAgoMs), outcome: outcomeOf() });
    }
    return ended;
  }

  const happens = (chance: number) => !isBusy && random() < chance;

  return {
    next() {
      exchanges += 1;
      pass();
      const index = upTo(peers.length - 1);
      // A process that was killed, and another in its place.
      if (happens(0.01)) peers[index] = createPeer(born++);
      const peer = peers[index] as Peer;
      const { rules } = peer;
      const isLost = happens(0.04);
      if (happens(isLost ? 0.5 : 0.01)) startedUs = nowUs - upTo(3_000_000);
      const uptime = Math.max(0, Math.floor((nowUs - startedUs) / 1e6));
      // What is sent again, and what comes late.
      if (peer.last !== undefined && happens(0.08)) return { nowUs, rules, request: peer.last, isLost, uptime };
      peer.number += 1 + (happens(0.1) ? upTo(3) : 0);
      const request: BudgetRequest = {
        peer: peer.name,
        number: peer.number,
        wanted: happens(0.3) ? 0 : upTo(6) + (isBusy ? 4 : 0),
        ended: endSome(peer),
        running: happens(0.03) ? [] : [...peer.running.keys()],
        pauseMs: happens(0.02) ? random() * 2_000 : 0,
        creditMs: happens(0.2) ? peer.creditMs / 2 : peer.creditMs,
        generation: peer.generation,
        returnMs: upTo(1) * 1_500,
      };
      if (!happens(0.1)) peer.last = request;
      return { nowUs, rules, request, isLost, uptime };
    },
    hear(request, { grants, generation }) {
      const peer = peers.find(({ name }) => name === request.peer);
      // A reply may be lost.
      if (peer === undefined || happens(0.05)) return;
      peer.generation = generation;
      for (const grant of grants) if (!peer.running.has(grant)) peer.running.set(grant, nowUs - 500);
    },
  };
}
