import { describe, expect, test } from 'vitest';
import type { Accounts } from '../src/accounts/accounts.ts';
import type { Storage } from '../src/accounts/storage.ts';
import { createLook } from '../src/health/look.ts';
import { createReadiness } from '../src/health/readiness.ts';
import { createTokenStatuses } from '../src/health/token-statuses.ts';

/** A look whose answers come when they are told to. */
function stage() {
  const answers: ((value: string) => void)[] = [];
  const look = createLook(() => new Promise<string>((resolve) => answers.push(resolve)));
  return { look, answers };
}

describe('a look', () => {
  test('is one for all who ask at once, and for those who ask a moment later', async () => {
    const { look, answers } = stage();
    const [first, second] = [look.take(), look.take()];
    answers[0]?.('as it is');
    expect(await Promise.all([first, second, look.take()])).toEqual(['as it is', 'as it is', 'as it is']);
    expect(answers).toHaveLength(1);
  });

  test('is taken anew after something has changed, be it while one is under way', async () => {
    const { look, answers } = stage();
    const before = look.take();
    look.forget();
    const after = look.take();
    answers[1]?.('new');
    answers[0]?.('old');
    expect(await Promise.all([before, after, look.take()])).toEqual(['old', 'new', 'new']);
  });

  test('that hung says nothing any more when it ends after a newer one', async () => {
    const { look, answers } = stage();
    const hung = look.take();
    expect(look.last).toBeUndefined();
    look.forget();
    const newer = look.take();
    answers[1]?.('storage good');
    await newer;
    expect(look.last).toBe('storage good');
    answers[0]?.('no answer within 3000 ms');
    await hung;
    expect(look.last).toBe('storage good');
  });

  test('that is over before a newer one is, is what there is to say until then', async () => {
    const { look, answers } = stage();
    const [older] = [look.take(), look.forget()];
    const newer = look.take();
    answers[0]?.('older');
    await older;
    expect(look.last).toBe('older');
    answers[1]?.('newer');
    await newer;
    expect(look.last).toBe('newer');
  });
});

/** Readiness and token statuses of an account whose token manager gives what `answer` gives. */
function health(answer: () => Promise<object>) {
  const account = {
    ...{ name: 'main', breaker: { state: 'CLOSED' }, sharing: { share: undefined as object | undefined } },
    client: { tokens: { status: () => answer() } },
  };
  const accounts = { all: [account] } as unknown as Accounts;
  const statuses = createTokenStatuses(accounts);
  const storage = { check: async () => undefined } as unknown as Storage;
  return { account, statuses, readiness: createReadiness(accounts, storage, statuses) };
}

const [none, valid] = [
  { valid: false, state: 'NO_TOKEN' },
  { valid: true, state: 'VALID' },
];

describe('readiness and token statuses', () => {
  test('look at the tokens once for both', async () => {
    let looks = 0;
    const { readiness, statuses } = health(async () => {
      looks += 1;
      return valid;
    });
    await Promise.all([readiness.look(), statuses.look()]);
    expect([looks, await readiness.look(), statuses.last('main')]).toMatchObject([
      1,
      { ready: true },
      { status: valid },
    ]);
  });

  test('stay as a newer look found them, where an older one hung', async () => {
    const hung: ((status: object) => void)[] = [];
    let answer = () => new Promise<object>((resolve) => hung.push(resolve));
    const { readiness, statuses } = health(() => answer());
    const older = readiness.look();
    for (const it of [readiness, statuses]) it.forget();
    answer = async () => valid;
    await readiness.look();
    for (const end of hung) end(none);
    await older;
    expect(hung).toHaveLength(1);
    expect(readiness.last).toMatchObject({ ready: true, missing: [] });
    expect(statuses.last('main')).toEqual({ status: valid });
  });

  test('say that a token cannot be looked at, and how it stood before', async () => {
    let answer = async () => valid;
    const { readiness, statuses } = health(() => answer());
    await readiness.look();
    statuses.forget();
    answer = async () => Promise.reject(new Error('no answer'));
    expect(await readiness.look()).toEqual({ ready: false, missing: ['token'], details: ['main: no answer'] });
    expect(statuses.last('main')).toEqual({ status: valid, fault: new Error('no answer') });
  });

  test('tell at once of what needs no look: a breaker that opens, a shared budget that cannot be reached', async () => {
    const { account, readiness } = health(async () => valid);
    expect(await readiness.look()).toEqual({ ready: true, missing: [], details: [] });
    account.breaker.state = 'OPEN';
    account.sharing.share = { limit: 6, windowMs: 1_000, peers: 3 };
    expect(await readiness.look()).toEqual({
      ready: false,
      missing: ['breaker'],
      details: [expect.stringContaining('too often'), expect.stringContaining('6 calls in 1000 ms')],
    });
    expect(readiness.last).toMatchObject({ missing: ['breaker'] });
  });
});
