import { fall, rise } from '../adaptive-limit.ts';
import { type BudgetRules, leaseMsOf, memoryMsOf } from './budget-rules.ts';
import { type BudgetState, createBudgetState, grantOf, type Peer } from './budget-state.ts';
import type { BudgetAnswer, BudgetRequest, EndedGrant } from './ports.ts';
import * as rest from './shared-rest.ts';
import { silentUntilMs } from './silence.ts';
import { appointmentMs, hungryUntilMs, servedOf, slotsInUse, turnsOf, type View } from './turns.ts';

/**
 * The rule of a shared budget, whatever keeps its state. Pure: it is written a second time as a script of Redis, and both
 * have to give the same.
 *
 * A slot is free at *end + window - credit of the peer that had it*; whoever has less credit than others sees it free that
 * much later, so that of two peers the smaller credit counts.
 *
 * `startedMs`: when the backend was started, and may have lost what it knew.
 */
export function exchange(
  rules: BudgetRules,
  before: BudgetState | undefined,
  request: BudgetRequest,
  nowMs: number,
  startedMs: number = -Infinity,
): { readonly state: BudgetState; readonly answer: BudgetAnswer } {
  // A clock that went back is another clock, and what is in use by the one before is not known.
  const isKnown = before !== undefined && before.atMs <= nowMs;
  const generation = grantOf(request.peer, request.number, 0);
  const state = isKnown ? structuredClone(before) : createBudgetState(generation, rules.limit, nowMs);
  if (before !== undefined && !isKnown) rest.pause(state.rest, nowMs + rules.windowMs);
  const untilMs = silentUntilMs(state, request, rules, nowMs, startedMs);
  const peer = admit(state, request.peer, rules, nowMs);
  // The same number again: its answer was lost. A smaller one: it was overtaken, and nobody waits for its answer.
  if (request.number > peer.number) {
    rest.pause(state.rest, untilMs);
    carryOut(rules, state, peer, request, nowMs);
  }
  return { state, answer: answerTo(rules, state, peer, request, nowMs) };
}

function admit(state: BudgetState, name: string, { limit, windowMs }: BudgetRules, nowMs: number): Peer {
  state.peers = state.peers.filter(({ seenMs }) => seenMs > nowMs - memoryMsOf(windowMs));
  const known = state.peers.find((peer) => peer.name === name);
  if (known !== undefined) return known;
  const peer: Peer = {
    name,
    seenMs: nowMs,
    number: 0,
    granted: 0,
    served: 0,
    wanted: 0,
    dueMs: nowMs,
    creditMs: 0,
    limit,
  };
  state.peers.push(peer);
  return peer;
}

function carryOut(rules: BudgetRules, state: BudgetState, peer: Peer, request: BudgetRequest, nowMs: number): void {
  const { windowMs } = rules;
  countWaiting(state, nowMs);
  pauseForForgotten(state, peer, request, windowMs, nowMs);
  if (request.pauseMs > 0) rest.pause(state.rest, nowMs + request.pauseMs);
  for (const grant of request.running) setFreeAt(state, grant, nowMs + leaseMsOf(windowMs));
  for (const ended of request.ended) end(rules, state, ended, request.creditMs, nowMs);
  peer.seenMs = nowMs;
  peer.creditMs = request.creditMs;
  peer.limit = rules.limit;
  const longestMs = greatestCreditMs(state);
  state.slots = state.slots.filter(({ freeAtMs }) => freeAtMs > nowMs - longestMs);
  if (rules.adaptive) rise(state.adaptive, rules.limit, windowMs, state.waitedMs);
  grant(rules, state, peer, request, nowMs);
  state.atMs = nowMs;
}

/** Slots are in use that this state does not remember: of tasks that had ended before it was made, or this copy of it. */
function pauseForForgotten(
  state: BudgetState,
  peer: Peer,
  { generation, number }: BudgetRequest,
  windowMs: number,
  nowMs: number,
): void {
  if (generation === undefined) return;
  if (generation !== state.generation) rest.pause(state.rest, state.madeMs + windowMs);
  // A replica took over that had not heard of all: numbers have no gaps.
  else if (number !== peer.number + 1) rest.pause(state.rest, nowMs + windowMs);
}

/** Somebody waits as long as a peer is hungry. */
function countWaiting(state: BudgetState, nowMs: number): void {
  const untilMs = Math.max(...state.peers.map(hungryUntilMs));
  state.waitedMs += Math.max(0, Math.min(nowMs, untilMs) - state.atMs);
}

function takeBack(state: BudgetState, grant: string): void {
  state.slots = state.slots.filter((slot) => slot.grant !== grant);
  rest.end(state.rest, grant, false);
}

/** Takes in one that this state does not know: it was emptied, or the lease has ended, or the backend was away. */
function setFreeAt(state: BudgetState, grant: string, freeAtMs: number): void {
  const slot = state.slots.find((one) => one.grant === grant);
  if (slot === undefined) state.slots.push({ grant, freeAtMs });
  else slot.freeAtMs = freeAtMs;
}

function end(rules: BudgetRules, state: BudgetState, ended: EndedGrant, creditMs: number, nowMs: number): void {
  const { grant, outcome, endedAgoMs, askedAgoMs } = ended;
  if (outcome === 'unused') {
    takeBack(state, grant);
    return;
  }
  const { windowMs, adaptive } = rules;
  setFreeAt(state, grant, nowMs - endedAgoMs + windowMs - (outcome === 'unanswered' ? 0 : creditMs));
  rest.end(state.rest, grant, true);
  if (outcome === 'answered') state.adaptive.accepted += 1;
  if (outcome !== 'refused') return;
  const isFirst = !rest.isOfBurst(state.rest, nowMs - askedAgoMs);
  if (isFirst) rest.beginBurst(state.rest, windowMs, nowMs);
  if (adaptive) fall(state.adaptive, windowMs, isFirst, state.waitedMs);
}

function greatestCreditMs(state: BudgetState): number {
  return Math.max(...state.peers.map(({ creditMs }) => creditMs));
}

/** Of several that were told the smallest counts. */
function limitOf({ adaptive }: BudgetRules, { peers, adaptive: { value } }: BudgetState): number {
  return Math.min(adaptive ? value : Infinity, ...peers.map(({ limit }) => limit));
}

function viewOf(rules: BudgetRules, state: BudgetState, { creditMs }: Peer, nowMs: number): View {
  const atMs = nowMs - (greatestCreditMs(state) - creditMs);
  return { limit: limitOf(rules, state), windowMs: rules.windowMs, nowMs, atMs, creditMs };
}

function grant(rules: BudgetRules, state: BudgetState, peer: Peer, request: BudgetRequest, nowMs: number): void {
  const { number, wanted } = request;
  const view = viewOf(rules, state, peer, nowMs);
  const free = Math.max(0, view.limit - slotsInUse(state, view));
  const most = Math.min(wanted, rest.mostStarts(state.rest, view.windowMs, nowMs));
  peer.served = servedOf(state, peer, view);
  const granted = turnsOf(state, peer, view, free, most);
  for (let index = 0; index < granted; index += 1) {
    state.slots.push({ grant: grantOf(peer.name, number, index), freeAtMs: nowMs + leaseMsOf(view.windowMs) });
  }
  if (granted > 0) {
    peer.served += granted;
    state.served = peer.served;
    rest.begin(state.rest, grantOf(peer.name, number, 0), nowMs);
  }
  peer.number = number;
  peer.granted = granted;
  peer.wanted = wanted - granted;
  peer.dueMs = rest.restUntilMs(state.rest, view.windowMs, nowMs) ?? appointmentMs(state, peer, view, free - granted);
}

function answerTo(
  rules: BudgetRules,
  state: BudgetState,
  peer: Peer,
  { number }: BudgetRequest,
  nowMs: number,
): BudgetAnswer {
  const view = viewOf(rules, state, peer, nowMs);
  const granted = number === peer.number ? peer.granted : 0;
  return {
    grants: Array.from({ length: granted }, (_, index) => grantOf(peer.name, number, index)),
    waitMs: peer.wanted > 0 ? Math.max(0, peer.dueMs - nowMs) : Infinity,
    effectiveLimit: view.limit,
    slotsInUse: slotsInUse(state, view),
    pauseMs: Math.max(0, state.rest.untilMs - nowMs),
    bursts: state.rest.bursts,
    peers: state.peers.length,
    generation: state.generation,
  };
}
