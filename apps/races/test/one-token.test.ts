import { createFileStorage } from '@kis/storage-file';
import { createKisIssuer } from '@kis/token-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { account, addMany, createCast } from '../src/cast.ts';
import { useActors } from './actors.ts';

const script = useActors();

describe('T2: processes started at one instant', () => {
  test.each([8, 32])('%i of them, with an empty file store, ask for one token and all get it', async (count) => {
    const cast = await createCast(script());
    onTestFinished(cast.end);
    const processes = await addMany(cast, count);

    cast.go(processes);
    const tokens = await Promise.all(processes.map((each) => each.said('token')));
    expect(await Promise.all(processes.map(({ ended }) => ended))).toEqual(Array(count).fill(0));
    expect(new Set(tokens.map(({ hash }) => hash)).size).toBe(1);
    expect(cast.server.fake.log()).toMatchObject({ tokenRequests: 1, tokensIssued: 1 });
    expect(processes.map(({ stderr }) => stderr).join('')).toBe('');
  });

  test.each([8, 32])('%i of them, with a stored token about to end, ask for one other', async (count) => {
    const cast = await createCast(script(), { server: { sameTokenMs: 0, issueIntervalMs: 0 } });
    onTestFinished(cast.end);
    const processes = await addMany(cast, count);
    const { token } = await createKisIssuer({ ...account, baseUrl: cast.server.url }).issue({});
    const expiresAtMs = Date.now() + 2_000;
    await createFileStorage({ directory: cast.directory }).compareAndSet(cast.key, undefined, {
      token: { ...token, issuedAtMs: expiresAtMs - 86_400_000, expiresAtMs },
      // More than a minute ago by the server's clock, too, which tells whole seconds.
      attempts: [{ id: 'old', by: 'elsewhere.b.1.2.3', atMs: Date.now() - 65_000, outcome: 'issued' }],
      dead: [],
    });
    cast.server.fake.control({ clearLog: true });

    cast.go(processes);
    await Promise.all(processes.map((each) => each.said('token')));
    expect(await Promise.all(processes.map(({ ended }) => ended))).toEqual(Array(count).fill(0));
    expect(cast.server.fake.log().tokenRequests).toBe(1);
    expect(processes.map(({ stderr }) => stderr).join('')).toBe('');
  });
});
