import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createFileStorage, type FileStorageEvent } from '../src/index.ts';
import { tempDirectory } from './temp-directory.ts';

const CHANNEL = '@kis/storage-file';
const text = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('the channel @kis/storage-file', () => {
  test('has every event, of a storage with a listener and of one without, and nothing that can be changed', async () => {
    const messages: object[] = [];
    const listener = (message: unknown): unknown => messages.push(message as object);
    subscribe(CHANNEL, listener);
    onTestFinished(() => void unsubscribe(CHANNEL, listener));
    const directory = tempDirectory();
    const path = join(directory, 'real-1.v1.json');
    writeFileSync(path, '', { mode: 0o600 });
    const events: FileStorageEvent[] = [];
    await createFileStorage({ directory, onEvent: (event) => events.push(event) }).read('real-1');
    await createFileStorage({ directory }).read('real-1');
    const damaged = { type: 'damaged', key: 'real-1', path, reason: 'is not a whole record', keptAs: undefined };
    expect(events).toEqual([damaged]);
    expect(messages).toEqual([damaged, damaged]);
    expect(messages.every(Object.isFrozen)).toBe(true);
    expect(messages).not.toContain(events[0]);
  });
});

test('the README tells of every event and of the channel', () => {
  const readme = text('../README.md');
  const types = [...text('../src/events.ts').matchAll(/type: '([a-z-]+)'/g)].map(([, type]) => type);
  expect(types.length).toBeGreaterThan(3);
  expect(types.filter((type) => !readme.includes(`| \`${type}\` |`))).toEqual([]);
  expect(readme).toContain(`\`${CHANNEL}\``);
});
