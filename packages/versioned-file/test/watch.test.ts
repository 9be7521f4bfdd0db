import fs from 'node:fs';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createVersionedFile, type VersionedFileEvent } from '../src/index.ts';
import { fsError } from './stopped-calls.ts';
import { tempDirectory } from './temp-directory.ts';

const name = 'slots';

describe('a watcher', () => {
  test("is told of others' changes, of emptiness, too, and not of other documents", async () => {
    const directory = tempDirectory();
    const waiting = createVersionedFile<number>({ directory, name });
    const writing = createVersionedFile<number>({ directory, name });
    onTestFinished(() => waiting.close());
    const onChange = vi.fn();
    waiting.watch(onChange);
    await createVersionedFile<number>({ directory, name: 'other' }).compareAndSet(undefined, 1);
    expect(onChange).not.toHaveBeenCalled();
    const version = await writing.compareAndSet(undefined, 1);
    await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(1));
    await writing.compareAndSet(version, undefined);
    await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(2));
  });

  test('hears nothing after it was ended, or its file was closed', async () => {
    const directory = tempDirectory();
    const [closed, open] = [createVersionedFile({ directory, name }), createVersionedFile({ directory, name })];
    onTestFinished(() => open.close());
    const [onEnded, onClosed, onOpen] = [vi.fn(), vi.fn(), vi.fn()];
    open.watch(onEnded)();
    closed.watch(onClosed);
    open.watch(onOpen);
    await closed.close();
    await open.compareAndSet(undefined, 1);
    await vi.waitFor(() => expect(onOpen).toHaveBeenCalled());
    expect(onEnded).not.toHaveBeenCalled();
    expect(onClosed).not.toHaveBeenCalled();
  });

  test('is told by polling where the platform gives no notice, and that is told once', async () => {
    const { watch } = fs;
    fs.watch = (() => {
      throw fsError('EMFILE');
    }) as unknown as typeof fs.watch;
    onTestFinished(() => void Object.assign(fs, { watch }));
    const directory = tempDirectory();
    const events: VersionedFileEvent[] = [];
    const file = createVersionedFile({ directory, name, onEvent: (event) => events.push(event) });
    onTestFinished(() => file.close());
    const onChange = vi.fn();
    file.watch(onChange);
    const version = await file.compareAndSet(undefined, 1);
    await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(1));
    await file.compareAndSet(version, 2);
    await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(2));
    expect(events).toMatchObject([{ type: 'watch-failed', directory, error: { code: 'EMFILE' } }]);
  });
});
