import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { tokenKey } from '../src/index.ts';
import { appKey, appSecret, createRig, key, tooSoon, watchPromise } from './harness.ts';

const CHANNEL = '@kis/token-core';
const text = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

function listen(listener: (message: unknown) => void): void {
  subscribe(CHANNEL, listener);
  onTestFinished(() => void unsubscribe(CHANNEL, listener));
}

describe('the channel @kis/token-core', () => {
  test('has every event, with the key that tells the accounts apart, and without a secret', async () => {
    const messages: object[] = [];
    listen((message) => messages.push(message as object));
    const rig = createRig();
    const other = createRig();
    const otherAccount = { appKey: 'PSOTHEROTHEROTHEROTHEROTHEROTHER02', environment: 'virtual' } as const;
    rig.issuer.answer(rig.token('testsecret+/='));
    const tokens = rig.manager();
    tokens.invalidate(await tokens.getToken());
    other.issuer.answer(tooSoon());
    const caller = watchPromise(other.manager(otherAccount).getToken());
    await other.clock.advance(1);
    expect(caller.state).toBe('pending');

    expect(messages).toEqual([
      ...rig.events.map((event) => ({ ...event, key })),
      ...other.events.map((event) => ({ ...event, key: tokenKey(otherAccount) })),
    ]);
    expect(rig.events.map(({ type }) => type)).toEqual(['issued', 'invalidated']);
    expect(other.events.map(({ type }) => type)).toEqual(['issue-failed', 'waiting']);
    for (const secret of [appKey, appSecret, 'testsecret']) expect(JSON.stringify(messages)).not.toContain(secret);
  });

  test('gives away nothing that can be changed', async () => {
    const changes: unknown[] = [];
    listen((message) => changes.push(Reflect.set(message as object, 'type', 'forged')));
    const rig = createRig();
    rig.issuer.answer(rig.token('one'));
    await rig.manager().getToken();
    expect(changes).toEqual([false]);
    expect(rig.events).toMatchObject([{ type: 'issued' }]);
  });

  test('has what nobody hears otherwise, too: it needs no `onEvent`', async () => {
    const messages: unknown[] = [];
    listen((message) => messages.push(message));
    const rig = createRig();
    rig.issuer.answer(rig.token('one'));
    await rig.manager({ onEvent: undefined }).getToken();
    expect(messages).toMatchObject([{ type: 'issued', key }]);
  });

  test('does not lose a token to a subscriber that throws: Node raises its error on its own', async () => {
    const raised: unknown[] = [];
    const previous = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => raised.push(error));
    onTestFinished(() => {
      process.removeAllListeners('uncaughtException');
      for (const listener of previous) process.on('uncaughtException', listener);
    });
    const mistake = new Error('a mistake of the subscriber');
    listen(() => {
      throw mistake;
    });
    const rig = createRig();
    rig.issuer.answer(rig.token('one'));
    expect(await rig.manager().getToken()).toEqual(rig.token('one'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(raised).toEqual([mistake]);
    expect(rig.events).toMatchObject([{ type: 'issued' }]);
  });
});

test('the README tells of every event and of the channel', () => {
  const readme = text('../README.md');
  const types = [...text('../src/events.ts').matchAll(/type: '([a-z-]+)'/g)].map(([, type]) => type);
  expect(types.length).toBeGreaterThan(7);
  expect(types.filter((type) => !readme.includes(`| \`${type}\` |`))).toEqual([]);
  expect(readme).toContain(`\`${CHANNEL}\``);
});
