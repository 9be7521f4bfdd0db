import { createFakeKis } from '@kis/mock';
import { systemClock } from '@kis/token-core';
import type { Dispatcher } from 'undici';
import type { GatewayConfig } from './config/config.ts';
import { createSecret } from './config/secret.ts';

/** Without keys: a KIS of our own in this process, a made-up key, and a token in memory: that KIS goes with the process, too. */
export interface Demo {
  readonly config: GatewayConfig;
  readonly dispatcher: Dispatcher;
}

export const DEMO_APP_KEY = 'PSDEMODEMODEMODEMODEMODEMODEMODEMO01';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Seoul is ahead of UTC. */
const KOREA_MS = 9 * HOUR_MS;
/** The days on which the fake's exchange is closed beside Saturday and Sunday, and which another follows that is none. */
const HOLIDAYS = ['01-01', '03-01', '05-01', '05-05', '06-06', '08-15', '10-03', '10-09', '12-25', '12-31'];

export function createDemo(config: GatewayConfig): Demo {
  const behindMs = findShift(Date.now());
  const fake = createFakeKis({
    clock: { ...systemClock, nowMs: () => systemClock.nowMs() - behindMs },
    ...{ tokenLatencyMs: 150, latencyMs: 20, jitterMs: 10 },
  });
  const appSecret = createSecret('made-up-secret-'.repeat(12));
  const env = { ...config.clientVariables, KIS_USE_VIRTUAL_SERVER: 'false' };
  return {
    config: {
      ...config,
      accounts: [{ name: 'demo', appKey: DEMO_APP_KEY, appSecret, env }],
      storage: { kind: 'memory' },
      share: { kind: 'none' },
    },
    dispatcher: fake.dispatcher,
  };
}

/** How far the fake is behind, so that its exchange is open now: prices that stand still all night show nothing. */
export function findShift(nowMs: number): number {
  const midnightMs = Math.floor((nowMs + KOREA_MS) / DAY_MS) * DAY_MS;
  const ofDayMs = nowMs + KOREA_MS - midnightMs;
  if (isSession(midnightMs) && ofDayMs >= 9.1 * HOUR_MS && ofDayMs < 14 * HOUR_MS) return 0;
  let dayMs = midnightMs;
  while (!isSession(dayMs) || dayMs + 10 * HOUR_MS > nowMs + KOREA_MS) dayMs -= DAY_MS;
  return nowMs + KOREA_MS - (dayMs + 10 * HOUR_MS);
}

/** A day in Korea, as if its midnight were UTC's. */
function isSession(midnightMs: number): boolean {
  const day = new Date(midnightMs);
  return day.getUTCDay() % 6 !== 0 && !HOLIDAYS.includes(day.toISOString().slice(5, 10));
}
