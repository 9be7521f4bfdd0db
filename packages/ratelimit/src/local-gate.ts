import { createAdaptiveLimit, createFixedLimit } from './adaptive-limit.ts';
import type { Gate } from './gate.ts';
import type { CheckedOptions } from './options.ts';
import { createRest } from './rest.ts';
import type { RoundTrips } from './round-trips.ts';
import { createSlots } from './slots.ts';

/** The slots of one process. A permit is when its task started. */
export function createLocalGate(
  { limit, windowMs, adaptive, clock, onEvent }: CheckedOptions,
  roundTrips: RoundTrips,
): Gate<number> {
  const slots = createSlots(limit, windowMs, roundTrips);
  const effective = adaptive
    ? createAdaptiveLimit(limit, windowMs, (value) => onEvent({ type: 'limit', limit: value }))
    : createFixedLimit(limit);
  const rest = createRest(windowMs);

  function waitMs(place: number, nowMs: number): number {
    const fromMs = rest.isOver ? nowMs : rest.endMs(nowMs);
    return slots.freeAtMs(place, effective.value, nowMs, fromMs) - nowMs;
  }

  return {
    get running() {
      return slots.running;
    },
    isOpen: () =>
      rest.isOver &&
      (slots.running + slots.ended < effective.value || slots.inUse(clock.monotonicMs()) < effective.value),
    hasSlot(nowMs) {
      effective.rise(nowMs);
      return waitMs(0, nowMs) <= 0;
    },
    waitMs,
    setWaiting: effective.setWaiting,
    seek: (nowMs) => nowMs + waitMs(0, nowMs),
    begin() {
      slots.begin();
      const startedMs = clock.monotonicMs();
      if (!rest.isOver) rest.begin(startedMs);
      return startedMs;
    },
    end(startedMs, outcome, nowMs) {
      const isAnswered = outcome !== 'unanswered';
      slots.end(nowMs, isAnswered);
      if (isAnswered) roundTrips.see(nowMs - startedMs);
      if (outcome === 'answered') effective.accept();
      if (!rest.isOver) rest.end(startedMs);
      if (outcome !== 'refused') return false;
      const isFirst = !rest.isOfBurst(startedMs);
      if (isFirst) {
        rest.beginBurst(nowMs);
        onEvent({ type: 'pause', pauseMs: windowMs });
      }
      effective.refuse(isFirst, nowMs);
      return isFirst;
    },
    pause: (pauseMs, nowMs) => rest.pause(nowMs + pauseMs),
    stats: (nowMs) => ({
      effectiveLimit: effective.value,
      slotsInUse: slots.inUse(nowMs),
      pauseMs: rest.endMs(nowMs) - nowMs,
    }),
    async close() {},
  };
}
