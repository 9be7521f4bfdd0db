import { describe, expect, test } from 'vitest';
import { createKisIssuer, createTokenManager, type Token, TokenIssueError } from '../src/index.ts';
import { sha256 } from '../src/key.ts';
import { appKey, appSecret, breakCalls, createRig, key, MINUTE, type Rig, SECOND } from './harness.ts';
import { settle } from './manual-clock.ts';

/** A manager with a token, and the tokens that KIS was asked to revoke. */
async function withToken(
  rig: Rig,
  name = 'one',
): Promise<{ tokens: ReturnType<Rig['manager']>; held: Token; revoked: string[] }> {
  const revoked: string[] = [];
  rig.issuer.revoke = async ({ value }) => void revoked.push(value);
  rig.issuer.answer(rig.token(name));
  const tokens = rig.manager();
  return { tokens, held: await tokens.getToken(), revoked };
}

describe('revoke()', () => {
  test('gives the token back, and leaves its tombstone', async () => {
    const rig = createRig();
    const { tokens, held, revoked } = await withToken(rig);
    await tokens.revoke();
    expect(revoked).toEqual([held.value]);
    expect((await rig.stored())?.dead).toEqual([sha256(held.value)]);
    expect((await rig.stored())?.token).toBeUndefined();
    rig.issuer.answer(rig.token('two'));
    await rig.clock.advance(MINUTE);
    expect((await tokens.getToken()).value).toBe(rig.token('two').value);
  });

  test('makes the others drop it at their next look', async () => {
    const rig = createRig();
    const { tokens } = await withToken(rig);
    const other = rig.manager();
    await other.getToken();
    await tokens.revoke();
    expect(await other.status()).toMatchObject({ state: 'NO_TOKEN', stored: false });
    rig.issuer.answer(rig.token('two'));
    await rig.clock.advance(MINUTE);
    expect((await other.getToken()).value).toBe(rig.token('two').value);
  });

  test('gives back what is stored, where this process has used none yet', async () => {
    const rig = createRig();
    const { held, revoked } = await withToken(rig);
    await rig.manager().revoke();
    expect(revoked).toEqual([held.value]);
  });

  test('does nothing where there is no token', async () => {
    const rig = createRig();
    const revoked: unknown[] = [];
    rig.issuer.revoke = async (token) => void revoked.push(token);
    await rig.manager().revoke();
    expect([revoked, await rig.stored()]).toEqual([[], undefined]);
  });

  test.each([
    ['does not confirm', new TokenIssueError('no', { status: 500 })],
    ['does not answer', new TokenIssueError('no answer')],
  ])('that KIS %s rejects, and changes nothing', async (_, error) => {
    const rig = createRig();
    const { tokens, held } = await withToken(rig);
    const before = await rig.storage.read(key);
    rig.issuer.revoke = () => Promise.reject(error);
    await expect(tokens.revoke()).rejects.toBe(error);
    expect(await tokens.getToken()).toEqual(held);
    expect(await rig.storage.read(key)).toEqual(before);
  });

  test('whose reply is lost on the way rejects, and changes nothing', async () => {
    const rig = createRig();
    const { held } = await withToken(rig);
    const account = { appKey, appSecret, environment: 'real' } as const;
    const issuer = createKisIssuer({ ...account, fetch: () => Promise.reject(new TypeError('terminated')) });
    const tokens = createTokenManager({ ...account, storage: rig.storage, clock: rig.clock, issuer });
    const before = await rig.storage.read(key);
    await expect(tokens.revoke()).rejects.toMatchObject({ code: 'ERR_TOKEN_ISSUE', mayHaveArrived: true });
    expect(await rig.storage.read(key)).toEqual(before);
    expect(await tokens.getToken()).toEqual(held);
  });

  test('that the storage cannot take is true in this process at once, and for the others when it can', async () => {
    const rig = createRig();
    const { tokens } = await withToken(rig);
    const mend = breakCalls(rig.storage, 'compareAndSet');
    const revoking = tokens.revoke();
    await rig.clock.advance(SECOND);
    await revoking;
    expect(await tokens.status()).toMatchObject({ state: 'NO_TOKEN' });
    expect((await rig.stored())?.dead).toEqual([]);
    mend();
    await rig.clock.advance(MINUTE);
    expect((await rig.stored())?.dead).toHaveLength(1);
  });

  test('of an issuer that cannot is a TokenIssueError', async () => {
    const rig = createRig();
    const { tokens } = await withToken(rig);
    delete rig.issuer.revoke;
    await expect(tokens.revoke()).rejects.toThrow('cannot revoke');
  });
});

describe('a revoked token that turns up again', () => {
  test('beside its tombstone is adopted by nobody, and taken away', async () => {
    const rig = createRig();
    const { tokens, held } = await withToken(rig);
    await tokens.revoke();
    // As from the file of another program, which knows of no tombstones.
    await rig.store({ ...(await rig.stored()), token: held });
    const newcomer = rig.manager();
    for (const each of [tokens, newcomer])
      expect(await each.status()).toMatchObject({ state: 'NO_TOKEN', stored: false });
    rig.issuer.answer(rig.token('two'));
    await rig.clock.advance(MINUTE);
    expect((await newcomer.getToken()).value).toBe(rig.token('two').value);
    expect((await rig.stored())?.token?.value).toBe(rig.token('two').value);
  });

  test('in an old record without tombstones is buried again by whoever knows', async () => {
    const rig = createRig();
    const { tokens, held } = await withToken(rig);
    await tokens.revoke();
    await rig.store({ token: held });
    void tokens.getToken().catch(() => {});
    await settle();
    expect((await rig.stored())?.token).toBeUndefined();
    expect((await rig.stored())?.dead).toEqual([sha256(held.value)]);
    await tokens.close();
  });
});
