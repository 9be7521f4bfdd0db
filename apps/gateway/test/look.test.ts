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

test('an older look that hung leaves readiness and token statuses as a newer one found them', async () => {
  const [none, valid] = [
    { valid: false, state: 'NO_TOKEN' },
    { valid: true, state: 'VALID' },
  ];
  const hung: ((status: object) => void)[] = [];
  let answer = () => new Promise<object>((resolve) => hung.push(resolve));
  const account = { name: 'main', breaker: {}, sharing: {}, client: { tokens: { status: () => answer() } } };
  const accounts = { all: [account] } as unknown as Accounts;
  const storage = { check: async () => undefined } as unknown as Storage;
  const [readiness, statuses] = [createReadiness(accounts, storage), createTokenStatuses(accounts)];
  const looks = [readiness, statuses];
  const older = Promise.all(looks.map((it) => it.look()));
  for (const it of looks) it.forget();
  answer = async () => valid;
  await Promise.all(looks.map((it) => it.look()));
  for (const end of hung) end(none);
  await older;
  expect(hung).toHaveLength(2);
  expect(readiness.last).toMatchObject({ ready: true, missing: [] });
  expect(statuses.last('main')).toBe(valid);
});
