import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { createRateLimiter } from '../src/index.ts';
import { createManualClock } from './manual-clock.ts';

const CHANNEL = '@kis/ratelimit';
const text = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

test('the channel @kis/ratelimit has each event, of a limiter with a listener and of one without', async () => {
  const messages: object[] = [];
  const listener = (message: unknown): unknown => messages.push(message as object);
  subscribe(CHANNEL, listener);
  onTestFinished(() => void unsubscribe(CHANNEL, listener));
  const events: object[] = [];
  for (const onEvent of [(event: object) => void events.push(event), undefined]) {
    const clock = createManualClock();
    const limiter = createRateLimiter({ limit: 2, adaptive: true, isRefusal: () => true, onEvent, clock });
    await limiter.execute(() => Promise.reject(new Error('too many calls'))).catch(() => {});
  }
  const expected = [
    { type: 'pause', pauseMs: 1_000 },
    { type: 'limit', limit: 1 },
  ];
  expect(events).toEqual(expected);
  expect(messages).toEqual([...expected, ...expected]);
  expect(messages.every(Object.isFrozen)).toBe(true);
});

test('the README tells of every event and of the channel', () => {
  const readme = text('../README.md');
  const types = [...text('../src/ports.ts').matchAll(/type: '([a-z-]+)'/g)].map(([, type]) => type);
  expect(types).toEqual(['pause', 'limit', 'degraded', 'restored']);
  expect(types.filter((type) => !readme.includes(`| \`${type}\` |`))).toEqual([]);
  expect(readme).toContain(`\`${CHANNEL}\``);
});
