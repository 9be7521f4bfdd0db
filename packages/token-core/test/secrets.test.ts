import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createKisIssuer, createTokenManager, type TokenEvent, TokenIssueError } from '../src/index.ts';
import { appKey, appSecret, breakCalls, createRig, DAY, key, MINUTE, SECOND } from './harness.ts';

const secret = 'testsecret+/=';

/** Whatever a program may come to print of a thing. */
function shown(thing: unknown): string {
  const details = thing instanceof Error ? `${thing.stack} ${thing.message}` : '';
  return `${inspect(thing, { depth: 9, showHidden: true })} ${JSON.stringify(thing)} ${String(thing)} ${details}`;
}

describe('T10: no secret and no token', () => {
  test('is shown by a manager, its issuer, its status or an event', async () => {
    const rig = createRig();
    rig.issuer.answer(rig.token(secret), new TokenIssueError('down', { status: 500 }));
    const tokens = rig.manager();
    const held = await tokens.getToken();
    tokens.invalidate(held);
    breakCalls(rig.storage, 'compareAndSet');
    tokens.refresh().catch(() => {});
    await rig.clock.advance(2 * MINUTE);
    const issuer = createKisIssuer({ appKey, appSecret, environment: 'real' });
    const things = [tokens, issuer, await tokens.status(), rig.events];
    for (const each of things.map(shown)) {
      expect(each.includes(secret)).toBe(false);
      expect(each.includes(appKey)).toBe(false);
    }
    expect(rig.events.length).toBeGreaterThan(2);
  });

  test.each([
    ['a maintenance page', () => new Response(`<html>${secret}`, { status: 503 })],
    ['a refusal', () => Response.json({ error_code: 'EGW00103', error_description: 'no' }, { status: 403 })],
    ['a token without an end', () => Response.json({ access_token: secret.repeat(20) })],
    ['a token too short', () => Response.json({ access_token: secret, expires_in: 86_400 })],
    ['nothing', () => Promise.reject(Object.assign(new TypeError('fetch failed'), { code: 'ECONNRESET' }))],
  ])('is in the error of a question that got %s', async (_, reply) => {
    const rig = createRig();
    const events: TokenEvent[] = [];
    const account = { appKey, appSecret, environment: 'real' } as const;
    const issuer = createKisIssuer({ ...account, fetch: async () => reply() });
    const tokens = createTokenManager({
      ...account,
      issuer,
      clock: rig.clock,
      storage: rig.storage,
      maxWaitMs: SECOND,
      onEvent: (event) => events.push(event),
    });
    const caller = tokens.getToken().catch((error: unknown) => error);
    await rig.clock.advance(MINUTE);
    const text = [await caller, events, await tokens.status(), await rig.storage.read(key)].map(shown).join(' ');
    expect(text).toContain('TokenIssueError');
    expect([text.includes(secret), text.includes(appKey)]).toEqual([false, false]);
    expect(await rig.storage.read(key)).toMatchObject({ record: { attempts: [{ outcome: expect.any(String) }] } });
  });

  test('is in the record but the token itself, which others are to find there', async () => {
    const rig = createRig();
    rig.issuer.answer(rig.token(secret), rig.token(`${secret}2`, 2 * DAY));
    const tokens = rig.manager({ minIssueIntervalMs: 0 });
    tokens.invalidate(await tokens.getToken());
    const { value } = await tokens.getToken();
    const { token, ...rest } = (await rig.stored()) ?? {};
    expect(token?.value === value).toBe(true);
    expect(JSON.stringify(rest).includes(secret)).toBe(false);
  });
});
