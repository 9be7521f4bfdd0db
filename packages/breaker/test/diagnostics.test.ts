import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createCircuitBreaker } from '../src/index.ts';

const CHANNEL = '@kis/breaker';
const text = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('the channel @kis/breaker', () => {
  test('has each change of state, of a breaker with a listener and of one without', () => {
    const messages: object[] = [];
    const listener = (message: unknown): unknown => messages.push(message as object);
    subscribe(CHANNEL, listener);
    onTestFinished(() => void unsubscribe(CHANNEL, listener));
    const events: object[] = [];
    for (const breaker of [createCircuitBreaker({ onEvent: (event) => events.push(event) }), createCircuitBreaker()]) {
      breaker.open();
      breaker.open();
      breaker.reset();
    }
    const changes = [
      { type: 'state', state: 'OPEN' },
      { type: 'state', state: 'CLOSED' },
    ];
    expect(events).toEqual(changes);
    expect(messages).toEqual([...changes, ...changes]);
    expect(messages.every(Object.isFrozen)).toBe(true);
  });
});

test('the README tells of every event and of the channel', () => {
  const readme = text('../README.md');
  const types = [...text('../src/ports.ts').matchAll(/type: '([a-z-]+)'/g)].map(([, type]) => type);
  expect(types).toEqual(['state']);
  expect(types.filter((type) => !readme.includes(`| \`${type}\` |`))).toEqual([]);
  expect(readme).toContain(`\`${CHANNEL}\``);
});
