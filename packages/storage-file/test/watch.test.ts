import fs, { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createFileStorage, type FileStorageEvent } from '../src/index.ts';
import { writeOver } from './records.ts';
import { fsError, replace } from './stopped-calls.ts';
import { tempDirectory } from './temp-directory.ts';

const key = 'real-1';

/** Puts `change` in the place of `fs.watch` and counts its calls. */
function replaceWatch(change: (original: () => fs.FSWatcher) => fs.FSWatcher): { calls: number } {
  const original = fs.watch as (...args: unknown[]) => fs.FSWatcher;
  const count = { calls: 0 };
  const patched = (...args: unknown[]): fs.FSWatcher => {
    count.calls += 1;
    return change(() => original(...args));
  };
  fs.watch = patched as typeof fs.watch;
  onTestFinished(() => {
    fs.watch = original as typeof fs.watch;
  });
  return count;
}

describe('a watcher', () => {
  test('is told of the writes of another storage, within 100 ms and a little', async () => {
    const directory = tempDirectory();
    const [waiting, writing] = [createFileStorage({ directory }), createFileStorage({ directory })];
    onTestFinished(() => waiting.close?.());
    const onChange = vi.fn();
    waiting.watch?.(key, onChange);
    const startMs = performance.now();
    await writeOver(writing, key, 1, 1);
    await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(1), { interval: 2 });
    expect(performance.now() - startMs).toBeLessThan(500);
  });

  test('hears nothing of other keys, of readers, of locks and of temporary files', async () => {
    const directory = tempDirectory();
    const storage = createFileStorage({ directory });
    onTestFinished(() => storage.close?.());
    const [onChange, onOther] = [vi.fn(), vi.fn()];
    storage.watch?.(key, onChange);
    storage.watch?.('real-2', onOther);
    await writeOver(storage, 'real-2', 1, 1);
    await storage.read(key);
    await vi.waitFor(() => expect(onOther).toHaveBeenCalledTimes(1));
    expect(onChange).not.toHaveBeenCalled();
  });

  test('shares one watcher of the platform with all others of its storage', async () => {
    const count = replaceWatch((original) => original());
    const storage = createFileStorage({ directory: tempDirectory() });
    onTestFinished(() => storage.close?.());
    const listeners = Array.from({ length: 50 }, () => vi.fn());
    for (const [index, listener] of listeners.entries()) storage.watch?.(index % 2 ? key : 'real-2', listener);
    await writeOver(storage, key, 1, 1);
    await vi.waitFor(() => expect(listeners[49]).toHaveBeenCalled());
    expect(count.calls).toBe(1);
  });

  test.each(['EMFILE', 'ENOSPC'])('is told by polling alone where the platform answers %s', async (code) => {
    replaceWatch(() => {
      throw fsError(code);
    });
    const directory = tempDirectory();
    const events: FileStorageEvent[] = [];
    const storage = createFileStorage({ directory, onEvent: (event) => events.push(event) });
    onTestFinished(() => storage.close?.());
    const onChange = vi.fn();
    storage.watch?.(key, onChange);
    await writeOver(storage, key, 1, 1);
    await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(1));
    await writeOver(storage, key, 1, 2);
    await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(2));
    expect(events).toMatchObject([{ type: 'watch-failed', directory, error: { code } }]);
  });

  test('that throws costs no other one its call, and goes on being called', async () => {
    const storage = createFileStorage({ directory: tempDirectory() });
    onTestFinished(() => storage.close?.());
    const onBroken = vi.fn(() => {
      throw new Error('A broken subscriber');
    });
    const onChange = vi.fn();
    storage.watch?.(key, onBroken);
    storage.watch?.(key, onChange);
    await writeOver(storage, key, 1, 1);
    await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(1));
    await writeOver(storage, key, 1, 2);
    await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(2));
    expect(onBroken).toHaveBeenCalledTimes(2);
  });

  test('is told of a version that replaces one of the same number', async () => {
    const [directory, elsewhere] = [tempDirectory(), tempDirectory()];
    const storage = createFileStorage({ directory });
    onTestFinished(() => storage.close?.());
    await writeOver(storage, key, 1, 1);
    await writeOver(createFileStorage({ directory: elsewhere }), key, 1, 2);
    const onChange = vi.fn();
    storage.watch?.(key, onChange);
    renameSync(`${elsewhere}/real-1.v1.json`, `${directory}/real-1.v1.json`);
    await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(1));
  });

  test('is told of a version that is gone before it can be looked at', async () => {
    const storage = createFileStorage({ directory: tempDirectory() });
    onTestFinished(() => storage.close?.());
    const onChange = vi.fn();
    storage.watch?.(key, onChange);
    replace('readdir', async () => ['real-1.v7.json']);
    await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(1));
  });

  test('goes on by polling when the watcher of the platform fails later', async () => {
    let watcher: fs.FSWatcher | undefined;
    replaceWatch((original) => {
      if (watcher !== undefined) throw fsError('EMFILE');
      watcher = original();
      return watcher;
    });
    const storage = createFileStorage({ directory: tempDirectory() });
    onTestFinished(() => storage.close?.());
    const onChange = vi.fn();
    storage.watch?.(key, onChange);
    watcher?.emit('error', fsError('EIO'));
    await writeOver(storage, key, 1, 1);
    await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(1));
  });

  test('is told of what comes in a directory that was not there', async () => {
    const directory = join(tempDirectory(), 'later');
    const storage = createFileStorage({ directory });
    onTestFinished(() => storage.close?.());
    const onChange = vi.fn();
    storage.watch?.(key, onChange);
    await writeOver(storage, key, 1, 1);
    await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(1));
  });

  test.each<[string, (directory: string) => void]>([
    ['moved away', (directory) => renameSync(directory, `${directory}-old`)],
    ['removed', (directory) => rmSync(directory, { recursive: true })],
  ])('is told of what comes in the place of a directory that was %s', async (_how, lose) => {
    const directory = join(tempDirectory(), 'kis');
    const storage = createFileStorage({ directory });
    onTestFinished(() => storage.close?.());
    await writeOver(storage, key, 1, 1);
    const onChange = vi.fn();
    storage.watch?.(key, onChange);
    lose(directory);
    mkdirSync(directory);
    // The number is the same as before, the file is not.
    await writeOver(storage, key, 1, 2);
    await vi.waitFor(() => expect(onChange).toHaveBeenCalled());
    onChange.mockClear();
    await writeOver(storage, key, 1, 3);
    await vi.waitFor(() => expect(onChange).toHaveBeenCalled());
  });

  test('is put on the new directory even where that has the inode of the old one', async () => {
    const count = replaceWatch((original) => original());
    const directory = join(tempDirectory(), 'kis');
    const storage = createFileStorage({ directory });
    onTestFinished(() => storage.close?.());
    await writeOver(storage, key, 1, 1);
    const before = fs.statSync(directory);
    const spy = vi.spyOn(fs, 'statSync').mockReturnValue(before);
    onTestFinished(() => spy.mockRestore());
    const onChange = vi.fn();
    storage.watch?.(key, onChange);
    rmSync(directory, { recursive: true });
    mkdirSync(directory);
    await vi.waitFor(() => expect(count.calls).toBe(2));
  });

  test('survives a listing that fails', async () => {
    const storage = createFileStorage({ directory: tempDirectory() });
    onTestFinished(() => storage.close?.());
    const onChange = vi.fn();
    await writeOver(storage, key, 1, 1);
    const version = (await storage.read(key))?.version ?? '';
    storage.watch?.(key, onChange);
    const restore = replace('readdir', async () => {
      throw fsError('EMFILE');
    });
    await storage.compareAndSet(key, version, { attempts: [], dead: [] }).catch(() => undefined);
    restore();
    await writeOver(storage, key, 1, 2);
    await vi.waitFor(() => expect(onChange).toHaveBeenCalled());
  });

  test('is not called after its storage was closed', async () => {
    const directory = tempDirectory();
    const [closed, open] = [createFileStorage({ directory }), createFileStorage({ directory })];
    onTestFinished(() => open.close?.());
    const [onClosed, onOpen] = [vi.fn(), vi.fn()];
    const unsubscribe = closed.watch?.(key, onClosed);
    open.watch?.(key, onOpen);
    await closed.close?.();
    await writeOver(open, key, 1, 1);
    await vi.waitFor(() => expect(onOpen).toHaveBeenCalled());
    unsubscribe?.();
    expect(onClosed).not.toHaveBeenCalled();
  });
});
