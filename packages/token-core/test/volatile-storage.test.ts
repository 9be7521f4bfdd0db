import { describe, expect, test } from 'vitest';
import type { TokenRecord } from '../src/index.ts';
import { breakCalls, createRig, key, MINUTE, type Rig, SECOND } from './harness.ts';
import { settle } from './manual-clock.ts';

/** Of a Redis, say, that starts empty or falls back to what a replica has: nobody asks for a token meanwhile. */
async function createVolatile(isVolatile = true): Promise<{ rig: Rig; lose: (back?: TokenRecord) => Promise<void> }> {
  const rig = createRig();
  Object.assign(rig.storage, { isVolatile });
  const lose = async (back?: TokenRecord): Promise<void> => {
    await rig.storage.delete(key);
    if (back !== undefined) await rig.storage.compareAndSet(key, undefined, back);
    await settle();
  };
  return { rig, lose };
}

describe('a storage that may lose what it holds', () => {
  test('is given the token and the attempts again by who holds them, without any call', async () => {
    const { rig, lose } = await createVolatile();
    rig.issuer.answer(rig.token('one'));
    const tokens = rig.manager();
    await tokens.getToken();
    const before = await rig.stored();
    await lose();
    expect(await rig.stored()).toEqual(before);
    await tokens.close();
  });

  test('is given a later token in place of the one that it fell back to, and keeps the tombstones of both', async () => {
    const { rig, lose } = await createVolatile();
    rig.issuer.answer(rig.token('one'));
    const tokens = rig.manager();
    const first = await tokens.getToken();
    const older = await rig.stored();
    tokens.invalidate(first);
    await rig.clock.advance(MINUTE);
    rig.issuer.answer(rig.token('two'));
    const second = await tokens.getToken();
    const before = await rig.stored();
    await lose(older);
    expect((await rig.stored())?.token).toEqual(second);
    expect((await rig.stored())?.dead).toEqual(before?.dead);
    expect((await rig.stored())?.attempts).toEqual(before?.attempts);
    await tokens.close();
  });

  test('is not given a token that was revoked, by this process or by another', async () => {
    const { rig, lose } = await createVolatile();
    rig.issuer.answer(rig.token('one'));
    rig.issuer.revoke = async () => {};
    const [one, other] = [rig.manager(), rig.manager()];
    await one.getToken();
    await other.getToken();
    await one.revoke();
    await settle();
    await lose();
    expect((await rig.stored())?.token).toBeUndefined();
    await Promise.all([one.close(), other.close()]);
  });

  test('is given it once it can be read again', async () => {
    const { rig, lose } = await createVolatile();
    rig.issuer.answer(rig.token('one'));
    const tokens = rig.manager();
    const held = await tokens.getToken();
    const mend = breakCalls(rig.storage, 'read');
    await lose();
    mend();
    await rig.clock.advance(2 * SECOND);
    expect((await rig.stored())?.token).toEqual(held);
    await tokens.close();
  });

  test('is looked at once more after the token was written: its watch may not have begun', async () => {
    const { rig, lose } = await createVolatile();
    rig.storage.watch = () => () => {};
    rig.issuer.answer(rig.token('one'));
    const tokens = rig.manager();
    const held = await tokens.getToken();
    await lose();
    await rig.clock.advance(2 * SECOND);
    expect((await rig.stored())?.token).toEqual(held);
    await tokens.close();
  });

  test('is left alone by a manager that is closed, and other storages by any', async () => {
    for (const isVolatile of [true, false]) {
      const { rig, lose } = await createVolatile(isVolatile);
      rig.issuer.answer(rig.token('one'));
      const tokens = rig.manager();
      await tokens.getToken();
      if (isVolatile) await tokens.close();
      await lose();
      await rig.clock.advance(2 * SECOND);
      expect(await rig.stored()).toBeUndefined();
      await tokens.close();
    }
  });
});
