import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createRedisStorage } from '../src/index.ts';

describe('an option', () => {
  test.each([
    [{ url: 'testsecret+/=' }, 'redis: `url` must be a redis:// or rediss:// URL'],
    [{ commandTimeoutMs: -1 }, 'redis: `commandTimeoutMs` must be from 1 to 2147483647, got -1'],
    [{ keyPrefix: '{a}:' }, 'storage-redis: `keyPrefix` must be a string without braces, got {a}:'],
    [{ python: { appKey: 'a' } }, 'storage-redis: `python.appSecret` must be a string that is not empty'],
    [{ python: { appKey: '', appSecret: 'testsecret+/=' } }, 'storage-redis: `python.appKey` must be a string'],
    [{ onEvent: 5 }, 'storage-redis: `onEvent` must be a function, got number'],
  ])('that is wrong is named (%#)', (options, message) => {
    expect(() => createRedisStorage(options as object)).toThrow(message);
    expect(() => createRedisStorage(options as object)).not.toThrow('testsecret');
  });

  test('makes no connection by itself, and a key that no storage has is a RangeError', async () => {
    const storage = createRedisStorage({ url: 'redis://127.0.0.1:1' });
    await expect(storage.read('A key')).rejects.toThrow(RangeError);
    await storage.close?.();
  });

  test('`watch` after `close` polls for nothing', async () => {
    const storage = createRedisStorage({ url: 'redis://127.0.0.1:1' });
    await storage.close?.();
    const poll = vi.spyOn(globalThis, 'setInterval');
    onTestFinished(() => poll.mockRestore());
    storage.watch?.('real-1', () => {});
    expect(poll).not.toHaveBeenCalled();
  });

  test('`onEvent` that throws costs no record', async () => {
    const storage = createRedisStorage({
      url: 'redis://127.0.0.1:1',
      onEvent() {
        throw new Error('a listener');
      },
    });
    await expect(storage.read('real-1')).rejects.toMatchObject({ code: 'ERR_REDIS' });
    await storage.close?.();
  });
});
