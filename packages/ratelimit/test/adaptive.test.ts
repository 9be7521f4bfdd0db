import { describe, expect, test } from 'vitest';
import { createCrowd, mostIn } from './simulation/crowd.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;

describe('the adaptive limit, in virtual time', () => {
  test('finds the 3 a second of a new customer below a ceiling of 18: 15 refusals, one probe, then at most one in ten minutes', async () => {
    for (const seed of [1, 2, 3]) {
      const { time, service, limiter, want } = createCrowd(3, seed);
      want(40);
      await time.playUntil(minuteMs);
      expect(service.refusedMs.length).toBeLessThanOrEqual(16);
      expect(limiter.stats().effectiveLimit).toBe(3);
      const before = service.refusedMs.length;
      await time.playUntil(2 * hourMs);
      expect(mostIn(service.refusedMs.slice(before - 1), 10 * minuteMs)).toBe(1);
      expect(service.acceptedMs.length / (2 * hourMs)).toBeGreaterThan(0.0028);
    }
  });

  test('is back at 90 % within 15 minutes of the moment in which the service allows it, wherever that falls between two probes', async () => {
    for (let part = 0; part < 8; part += 1) {
      const { time, service, want } = createCrowd(3, part);
      want(40);
      const changeMs = 10 * minuteMs + part * 76_000;
      await time.playUntil(changeMs);
      service.setLimit(18);
      await time.playUntil(changeMs + 15 * minuteMs);
      const lastTenSeconds = service.acceptedMs.filter((atMs) => atMs > time.nowMs - 10_000);
      expect(lastTenSeconds.length).toBeGreaterThanOrEqual(162);
    }
  });

  test.each([18, 20])('needs no configuration for %i a second: nothing is refused', async (limit) => {
    const { time, service, limiter, want } = createCrowd(limit, 7);
    want(40);
    await time.playUntil(10 * minuteMs);
    expect(service.refusedMs).toEqual([]);
    expect(limiter.stats().effectiveLimit).toBe(18);
  });

  test('follows a service that allows less from one moment to the next', async () => {
    const { time, service, limiter, want } = createCrowd(18, 4);
    want(40);
    await time.playUntil(minuteMs);
    service.setLimit(10);
    await time.playUntil(2 * minuteMs);
    expect(limiter.stats().effectiveLimit).toBe(10);
    expect(service.refusedMs.length).toBeLessThanOrEqual(2 * 8 + 1);
  });

  test('is not thrown down by a single stray refusal at low demand', async () => {
    const { time, service, limiter, drip } = createCrowd(18, 5);
    drip(500);
    await time.playUntil(minuteMs);
    service.refuseNext();
    await time.playUntil(2 * minuteMs);
    expect(service.refusedMs).toHaveLength(1);
    expect(limiter.stats().effectiveLimit).toBe(17);
  });

  test('is soon back after a stray refusal when callers wait', async () => {
    const { time, service, limiter, want } = createCrowd(18, 6);
    want(40);
    await time.playUntil(minuteMs);
    service.refuseNext();
    await time.playUntil(minuteMs + 10_000);
    expect(limiter.stats().effectiveLimit).toBe(18);
    expect(service.refusedMs).toHaveLength(1);
  });

  test('is not raised by idle hours', async () => {
    const { time, service, limiter, want, rest } = createCrowd(3, 8);
    want(40);
    await time.playUntil(minuteMs);
    rest();
    await time.playUntil(9 * hourMs);
    const before = service.refusedMs.length;
    expect(limiter.stats()).toMatchObject({ effectiveLimit: 3, waiting: 0 });
    want(40);
    await time.playUntil(9 * hourMs + 8 * minuteMs);
    expect(service.refusedMs.length - before).toBe(0);
  });

  test('is not raised by slow replies, which try nothing', async () => {
    for (const seed of [1, 2, 3]) {
      const { time, service, limiter, want } = createCrowd(3, seed);
      want(40);
      await time.playUntil(10 * minuteMs);
      service.setDelay(6_000);
      await time.playUntil(11 * minuteMs);
      service.setDelay(0);
      const before = service.refusedMs.length;
      await time.playUntil(20 * minuteMs);
      expect(service.refusedMs.length - before).toBeLessThanOrEqual(1);
      expect(limiter.stats().effectiveLimit).toBe(3);
    }
  });

  test('R-2: a service that refuses everything for three seconds sees one call a window, and then no refusal more', async () => {
    const { time, service, limiter, want } = createCrowd(18, 9);
    want(40);
    await time.playUntil(10_000);
    service.setLimit(0);
    await time.playUntil(13_000);
    service.setLimit(18);
    const [firstMs = Number.NaN] = service.refusedMs;
    const told = service.sentMs.filter((atMs) => atMs > firstMs + 100 && atMs < 13_000);
    expect(told.length).toBeLessThanOrEqual(3);
    await time.playUntil(2 * minuteMs);
    expect(Math.max(...service.refusedMs)).toBeLessThan(13_000);
    expect(limiter.stats().effectiveLimit).toBe(18);
  });
});
