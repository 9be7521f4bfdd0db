import { describe, expect, test } from 'vitest';
import { type TokenEvent, TokenIssueError, tokenKey } from '../src/index.ts';
import { appSecret, createRig, key, MINUTE, watchPromise } from './harness.ts';
import { settle } from './manual-clock.ts';

const other = { appKey: 'PSOTHEROTHEROTHEROTHEROTHEROTHER02', appSecret: `${appSecret}2` };

describe('two accounts in one process, over one storage', () => {
  test('each get a token of their own, by a question of their own, at one moment', async () => {
    const rig = createRig();
    const second = createRig();
    const callers = [
      watchPromise(rig.manager().getToken()),
      watchPromise(rig.manager({ ...other, issuer: second.issuer }).getToken()),
      watchPromise(rig.manager({ environment: 'virtual', issuer: second.issuer }).getToken()),
    ];
    await settle();
    expect([rig.issuer.asked.length, second.issuer.asked.length]).toEqual([1, 2]);
    rig.issuer.reply(rig.token('one'));
    second.issuer.reply(rig.token('two'));
    await settle();
    expect(callers.map(({ value }) => value?.value)).toEqual([
      rig.token('one').value,
      undefined,
      rig.token('two').value,
    ]);
  });

  test('do not feel each other: not a refused token, not a failure, not an end', async () => {
    const rig = createRig();
    const second = createRig();
    const events: TokenEvent[] = [];
    rig.issuer.answer(rig.token('one'));
    second.issuer.answer(rig.token('two'), new TokenIssueError('wrong key', { kisCode: 'EGW00103', status: 403 }));
    const one = rig.manager();
    const two = rig.manager({ ...other, issuer: second.issuer, onEvent: (event) => events.push(event) });
    const [held, theirs] = [await one.getToken(), await two.getToken()];
    expect(held.value).not.toBe(theirs.value);
    const before = await rig.storage.read(key);

    two.invalidate(theirs);
    // What is dead in one account is nothing to the other.
    one.invalidate(theirs);
    await rig.clock.advance(MINUTE);
    await expect(two.getToken()).rejects.toMatchObject({ kisCode: 'EGW00103' });
    await two.close();
    expect(await one.getToken()).toBe(held);
    expect(await rig.storage.read(key)).toEqual(before);
    expect((await one.status()).lastError).toBeUndefined();
    expect(rig.events.map(({ type }) => type)).toEqual(['issued']);
    expect(events.map(({ type }) => type)).toEqual(['issued', 'invalidated', 'issue-failed']);
    expect((await rig.storage.read(tokenKey({ ...other, environment: 'real' })))?.record.dead).toHaveLength(1);
  });
});
