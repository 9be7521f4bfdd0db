import fc from 'fast-check';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  createMemoryStorage,
  createTokenManager,
  type TokenManager,
  type TokenManagerOptions,
  type TokenStorage,
} from '../src/index.ts';
import { appKey, appSecret, DAY, HOUR, holdCalls, key, MINUTE, SECOND, watchPromise } from './harness.ts';
import { createManualClock, type ManualClock, settle } from './manual-clock.ts';
import { createTrueKis, LATENCY_MS, type TrueKis } from './true-kis.ts';

const jumps = [SECOND, -SECOND, HOUR, -HOUR, DAY, -DAY];

/** Processes of one host, and KIS. */
interface Host {
  readonly clock: ManualClock;
  readonly kis: TrueKis;
  readonly storage: TokenStorage;
  start(options?: Partial<TokenManagerOptions>): TokenManager;
}

function createHost(options: { readonly offMs?: number; readonly isSilent?: boolean } = {}): Host {
  const clock = createManualClock();
  const kis = createTrueKis(clock, options);
  clock.jumpWall(options.offMs ?? 0);
  const storage = createMemoryStorage();
  return {
    clock,
    kis,
    storage,
    start(more) {
      const account = { appKey, appSecret, environment: 'real' } as const;
      const tokens = createTokenManager({ ...account, storage, issuer: kis, clock, ...more });
      onTestFinished(() => tokens.close());
      return tokens;
    },
  };
}

/** A caller's token, by the name that KIS gave it; what has ended by KIS's clock is told to be so. */
async function serve({ clock, kis }: Host, tokens: TokenManager): Promise<string> {
  const caller = watchPromise(tokens.getToken());
  await clock.advance(5 * SECOND);
  if (caller.value === undefined) return caller.state;
  const isDead = caller.value.expiresAtMs <= kis.nowMs();
  return `${caller.value.value.replaceAll('.', '')}${isDead ? ', dead' : ''}`;
}

/** A process whose question KIS answers, and that hears no answer for as long as the test lasts. */
function startDeaf(host: Host): TokenManager {
  let end = (_error: Error): void => {};
  const issuer = {
    ...host.kis,
    timeoutMs: DAY,
    async issue(options: { readonly signal?: AbortSignal | undefined }): Promise<never> {
      await host.kis.issue(options);
      return new Promise<never>((_resolve, reject) => {
        end = reject;
      });
    },
  };
  const tokens = host.start({ issuer, leaseMs: 15 * SECOND });
  onTestFinished(() => end(new Error('the test is over')));
  return tokens;
}

const steps = ['before the claim', 'claim held', 'asked', 'stored', 'hot', 'due', 'expired'] as const;
type Step = (typeof steps)[number];

/** The life of three tokens and what two processes see of it, with a jump of the wall clock at a step of it. */
async function live(host: Host, jump?: { readonly at: Step; readonly byMs: number }) {
  const { clock, kis, storage } = host;
  const reach = (step: Step): void => {
    if (step === jump?.at) clock.jumpWall(jump.byMs);
  };
  const [one, two] = [host.start(), host.start()];
  const served: string[] = [];
  const serveAll = async (): Promise<void> => {
    // One that has just begun knows nothing but what is stored.
    for (const tokens of [one, two, host.start()]) served.push(await serve(host, tokens));
  };

  reach('before the claim');
  const gate = holdCalls(storage, 'compareAndSet', 'after');
  const first = watchPromise(one.getToken());
  const second = watchPromise(two.getToken());
  // Each hears KIS's time first.
  await clock.advance(LATENCY_MS);
  reach('claim held');
  await clock.advance(2 * SECOND);
  gate.open();
  await settle();
  reach('asked');
  await clock.advance(5 * SECOND);
  served.push(first.state, second.state);
  reach('stored');
  await serveAll();
  await clock.advance(12 * HOUR);
  reach('hot');
  await serveAll();
  await clock.advance(12 * HOUR - 26 * MINUTE);
  reach('due');
  await serveAll();
  await serveAll();
  await clock.advance(25 * HOUR);
  reach('expired');
  await serveAll();
  return { served, answers: kis.answers.map(({ is }) => is) };
}

beforeEach(() => {
  // The moment of a renewal is drawn.
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  return () => vi.restoreAllMocks();
});

describe('F5: a wall clock that jumps', () => {
  const life = {
    served: [
      ...['fulfilled', 'fulfilled'],
      ...Array.from({ length: 6 }, () => 'token 1'),
      // The one in use serves while the next is asked for, or found.
      ...['token 1', 'token 1', 'token 2'],
      ...['token 2', 'token 2', 'token 2'],
      ...['token 3', 'token 3', 'token 3'],
    ],
    answers: ['token 1', 'token 2', 'token 3'],
  };

  test('not at all: three tokens in three lives', async () => {
    expect(await live(createHost())).toEqual(life);
  });

  describe.each(jumps)('by %i ms', (byMs) => {
    test.each(steps)('(%s) costs no token, and serves no dead one', async (at) => {
      expect(await live(createHost(), { at, byMs })).toEqual(life);
    });
  });
});

describe('F5: a host whose clock is wrong from the start', () => {
  test.each(jumps)('by %i ms: eight processes on an empty storage ask once', async (offMs) => {
    const host = createHost({ offMs });
    const callers = Array.from({ length: 8 }, () => watchPromise(host.start().getToken()));
    await host.clock.advance(5 * SECOND);
    expect(callers.map(({ state }) => state)).toEqual(Array(8).fill('fulfilled'));
    expect(host.kis.answers.map(({ is }) => is)).toEqual(['token 1']);
    expect((await host.storage.read(key))?.record.attempts).toMatchObject([{ outcome: 'issued' }]);
  });

  test.each(jumps)('by %i ms: a stored token that lives is served, and KIS asked for none', async (offMs) => {
    const host = createHost();
    expect(await serve(host, host.start())).toBe('token 1');
    await host.clock.advance(23 * HOUR);
    host.clock.jumpWall(offMs);
    expect(await serve(host, host.start())).toBe('token 1');
    expect(host.kis.answers).toHaveLength(1);
  });

  test.each(jumps)('by %i ms: a stored token that has ended is not served', async (offMs) => {
    const host = createHost();
    expect(await serve(host, host.start())).toBe('token 1');
    await host.clock.advance(24 * HOUR);
    host.clock.jumpWall(offMs);
    expect(await serve(host, host.start())).toBe('token 2');
    expect(host.kis.answers).toHaveLength(2);
  });

  test.each([DAY, -DAY])("by %i ms: a neighbour's live claim keeps others off for its lease", async (offMs) => {
    const host = createHost({ offMs });
    const [one, two] = [host.start(), host.start()];
    const gate = holdCalls(host.storage, 'compareAndSet', 'after');
    const first = watchPromise(one.getToken());
    await host.clock.advance(LATENCY_MS);
    const second = watchPromise(two.getToken());
    await host.clock.advance(6 * SECOND);
    expect(host.kis.answers).toHaveLength(0);
    gate.open();
    await host.clock.advance(5 * SECOND);
    expect([first.state, second.state, host.kis.answers.length]).toEqual(['fulfilled', 'fulfilled', 1]);
  });

  test.each([HOUR, -HOUR])('by %i ms: a refusal tells the time, too', async (offMs) => {
    const host = createHost({ offMs });
    // Another program with the same app key.
    const other = watchPromise(host.kis.issue({}));
    await host.clock.advance(5 * SECOND);
    expect(other.state).toBe('fulfilled');
    host.kis.serverDateMs = () => Promise.reject(new Error('no answer'));
    watchPromise(host.start().getToken());
    await host.clock.advance(LATENCY_MS);
    const [attempt] = (await host.storage.read(key))?.record.attempts ?? [];
    expect(attempt).toMatchObject({ outcome: 'refused', kisCode: 'EGW00133' });
    expect(Math.abs((attempt?.atMs ?? 0) - host.kis.nowMs())).toBeLessThan(2 * SECOND);
  });

  test('and hears from a reply of KIS that the token at hand has ended, serves it no more', async () => {
    const host = createHost({ isSilent: true });
    expect(await serve(host, host.start())).toBe('token 1');
    await host.clock.advance(24 * HOUR);
    host.clock.jumpWall(-2 * HOUR);
    const tokens = host.start();
    expect(await serve(host, tokens)).toBe('token 1, dead');
    tokens.clock?.learn(host.kis.nowMs(), tokens.clock.monotonicMs());
    expect(await serve(host, tokens)).toBe('token 2');
  });

  test('asks for the time once for all callers, before anything else', async () => {
    const host = createHost();
    for (const questions of [1, 2]) {
      const tokens = host.start();
      const callers = Array.from({ length: 100 }, () => watchPromise(tokens.getToken()));
      await settle();
      expect([host.kis.timeQuestions, host.kis.answers.length]).toEqual([questions, questions - 1]);
      await host.clock.advance(SECOND);
      expect(callers.every(({ state }) => state === 'fulfilled')).toBe(true);
      expect([host.kis.timeQuestions, host.kis.answers.length]).toEqual([questions, 1]);
    }
  });

  test.each(jumps)(
    'by %i ms, and whose first question of all was lost with its process: no second one within the interval',
    async (offMs) => {
      const host = createHost({ offMs });
      watchPromise(startDeaf(host).getToken());
      await host.clock.advance(SECOND);
      expect(host.kis.answers).toHaveLength(1);
      const lost = (await host.storage.read(key))?.record;
      // The name of this very process, with a start that is not its own: it is gone, and its answer with it.
      const attempts = lost?.attempts.map((each) => ({ ...each, by: each.by.replace(/\d+$/, '1') })) ?? [];
      await host.storage.compareAndSet(key, (await host.storage.read(key))?.version, { attempts, dead: [] });
      // The host's clock is set right meanwhile.
      host.clock.jumpWall(-offMs);
      for (let start = 0; start < 3; start += 1) {
        const tokens = host.start();
        watchPromise(tokens.getToken());
        await host.clock.advance(20 * SECOND);
        await tokens.close();
      }
      expect(host.kis.answers.map(({ is }) => is)).toEqual(['token 1']);
      watchPromise(host.start().getToken());
      await host.clock.advance(10 * SECOND);
      expect(host.kis.answers.map(({ is }) => is)).toEqual(['token 1', 'token 2']);
    },
  );

  test('and that only looks at its status takes no token from the storage, nor asks', async () => {
    const host = createHost();
    expect(await serve(host, host.start())).toBe('token 1');
    await host.clock.advance(25 * HOUR);
    host.clock.jumpWall(-DAY);
    const tokens = host.start();
    // By this host's clock it is: whoever wants to use it asks.
    expect(await tokens.status()).toMatchObject({ state: 'VALID' });
    expect(host.kis.timeQuestions).toBe(1);
    expect(await serve(host, tokens)).toBe('token 2');
    expect(await tokens.status()).toMatchObject({ state: 'VALID', stored: true });
  });

  test('is told of, once', async () => {
    const host = createHost({ offMs: HOUR });
    const events: { readonly type: string; readonly byMs?: number }[] = [];
    const { clock, kis, storage } = host;
    const tokens = createTokenManager({
      ...{ appKey, appSecret, environment: 'real', storage, issuer: kis, clock },
      onEvent: (event) => events.push(event),
    });
    expect(await serve(host, tokens)).toBe('token 1');
    expect(await serve(host, tokens)).toBe('token 1');
    expect(events.map(({ type }) => type)).toEqual(['clock-corrected', 'issued']);
    expect(Math.abs((events[0]?.byMs ?? 0) + HOUR)).toBeLessThan(2 * SECOND);
    await tokens.close();
  });
});

describe('the question for the time', () => {
  const stored = async (): Promise<Host> => {
    const host = createHost({ isSilent: true });
    expect(await serve(host, host.start())).toBe('token 1');
    return host;
  };

  test('is waited for three seconds at most while a token is there, and not put again within a minute', async () => {
    const host = await stored();
    let asked = 0;
    host.kis.serverDateMs = () => {
      asked += 1;
      return new Promise(() => {});
    };
    const tokens = host.start();
    const caller = watchPromise(tokens.getToken());
    await host.clock.advance(3 * SECOND);
    expect(caller.state).toBe('pending');
    await host.clock.advance(100);
    expect([caller.state, asked]).toEqual(['fulfilled', 1]);
    watchPromise(tokens.refresh());
    await host.clock.advance(56 * SECOND);
    expect(asked).toBe(1);
    await host.clock.advance(10 * SECOND);
    watchPromise(tokens.refresh());
    await host.clock.advance(SECOND);
    expect(asked).toBe(2);
  });

  test('that has no answer is told, and so is what the host makes of its own clock', async () => {
    const host = await stored();
    host.kis.serverDateMs = () => new Promise(() => {});
    const told: string[] = [];
    const caller = watchPromise(host.start({ onEvent: ({ type }) => told.push(type) }).getToken());
    await host.clock.advance(3 * SECOND);
    expect([caller.state, told]).toEqual(['pending', []]);
    await host.clock.advance(SECOND);
    expect([caller.state, told]).toEqual(['fulfilled', ['clock-unconfirmed', 'adopted']]);
  });

  test('that fails leaves it at the own clock', async () => {
    const host = await stored();
    host.kis.serverDateMs = () => Promise.reject(new Error('no network'));
    expect(await serve(host, host.start())).toBe('token 1');
    host.kis.serverDateMs = () => {
      throw new Error('no network');
    };
    expect(await serve(host, host.start())).toBe('token 1');
  });

  test('holds up no abort, no time limit and no close()', async () => {
    const host = await stored();
    host.kis.serverDateMs = () => new Promise(() => {});
    const aborter = new AbortController();
    const tokens = host.start();
    const aborted = watchPromise(tokens.getToken({ signal: aborter.signal }));
    const waiting = watchPromise(tokens.getToken());
    await settle();
    aborter.abort(new Error('mine'));
    await settle();
    expect([aborted.error, waiting.state]).toEqual([new Error('mine'), 'pending']);
    await tokens.close();
    await settle();
    expect(waiting).toMatchObject({ state: 'rejected', error: { code: 'ERR_TOKEN_ISSUE' } });
    expect(host.clock.refTimers()).toBe(0);

    const { clock, kis, storage } = host;
    const hasty = createTokenManager({
      ...{ appKey, appSecret, environment: 'real', storage, issuer: kis, clock, maxWaitMs: 200 },
    });
    const late = watchPromise(hasty.getToken());
    await clock.advance(200);
    expect(late).toMatchObject({ state: 'rejected', error: { code: 'ERR_TOKEN_ISSUE' } });
    await hasty.close();
  });
});

describe('F5: a machine that sleeps', () => {
  test('serves no token that has ended meanwhile', async () => {
    const host = createHost({ isSilent: true });
    const tokens = host.start();
    expect(await serve(host, tokens)).toBe('token 1');
    host.clock.sleep(23 * HOUR);
    expect(await serve(host, tokens)).toBe('token 1');
    host.clock.sleep(HOUR);
    expect(await serve(host, tokens)).toBe('token 2');
  });

  test('and is set back by just as much serves one for a minute at most', async () => {
    const host = createHost({ isSilent: true });
    const tokens = host.start();
    expect(await serve(host, tokens)).toBe('token 1');
    host.clock.sleep(25 * HOUR);
    host.clock.jumpWall(-25 * HOUR);
    await host.clock.advance(MINUTE);
    expect(await serve(host, tokens)).toBe('token 2');
  });

  test('between its claim and its question looks again', async () => {
    const host = createHost();
    const gate = holdCalls(host.storage, 'compareAndSet', 'after');
    const caller = watchPromise(host.start().getToken());
    await host.clock.advance(LATENCY_MS);
    host.clock.sleep(HOUR);
    gate.open();
    await settle();
    const claim = (await host.storage.read(key))?.record.attempts[0];
    expect(claim?.outcome).toBe('pending');
    await host.clock.advance(LATENCY_MS);
    expect([caller.state, host.kis.answers.length]).toEqual(['fulfilled', 1]);
  });
});

type Act =
  | { readonly do: 'get'; readonly who: number }
  | { readonly do: 'restart'; readonly who: number }
  | { readonly do: 'refresh'; readonly who: number }
  | { readonly do: 'pass' | 'sleep' | 'jump'; readonly ms: number };

/** What becomes of the acts, and what was served that had ended. */
async function play(host: Host, acts: readonly Act[]): Promise<{ served: string[]; issues: string[] }> {
  const served: string[] = [];
  const managers = [host.start(), host.start(), host.start()];
  for (const act of acts) {
    const tokens = 'who' in act ? managers[act.who] : undefined;
    if (act.do === 'pass') await host.clock.advance(act.ms);
    if (act.do === 'sleep') host.clock.sleep(act.ms);
    if (act.do === 'jump') host.clock.jumpWall(act.ms);
    if (act.do === 'restart') managers[act.who] = host.start();
    if (tokens === undefined) continue;
    if (act.do === 'refresh') watchPromise(tokens.refresh());
    if (act.do === 'get') served.push(await serve(host, tokens));
  }
  await Promise.all(managers.map((tokens) => tokens.close()));
  return { served, issues: host.kis.answers.map(({ is }) => is).filter((is) => is.startsWith('token')) };
}

// Of odd lengths: a sleep that a jump undoes to the minute is known for a minute at the earliest.
const passes = [SECOND, 71 * SECOND, 11 * MINUTE + 7 * SECOND, 3 * HOUR + 17 * MINUTE, 13 * HOUR + 29 * MINUTE];
const sleeps = [90 * SECOND, 41 * MINUTE, 7 * HOUR + 23 * MINUTE, 25 * HOUR + 37 * MINUTE];
const who = fc.nat({ max: 2 });
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('get'), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('refresh'), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass'), ms: fc.constantFrom(...passes) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('sleep'), ms: fc.constantFrom(...sleeps) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('jump'), ms: fc.constantFrom(...jumps) }) },
) as fc.Arbitrary<Act>;
const restart = fc.record({ do: fc.constant('restart'), who }) as fc.Arbitrary<Act>;
const settings = { numRuns: 150, seed: 20260711 };

describe('F5: whatever jumps and sleeps', () => {
  test('no token more is issued, and none is served that would not be without the jumps', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof({ weight: 15, arbitrary: act }, { weight: 2, arbitrary: restart }), { maxLength: 40 }),
        async (acts) => {
          const steady = await play(
            createHost(),
            acts.filter((each) => each.do !== 'jump'),
          );
          const jumping = await play(createHost(), acts);
          expect(jumping).toEqual(steady);
          expect(jumping.served.filter((each) => each.includes('dead'))).toEqual([]);
        },
      ),
      settings,
    );
  });

  test('the same where KIS tells no time and nobody begins anew', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 40 }), async (acts) => {
        const steady = await play(
          createHost({ isSilent: true }),
          acts.filter((each) => each.do !== 'jump'),
        );
        expect(await play(createHost({ isSilent: true }), acts)).toEqual(steady);
      }),
      settings,
    );
  });

  test('on a host that is wrong from the start, too', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof({ weight: 15, arbitrary: act }, { weight: 2, arbitrary: restart }), { maxLength: 40 }),
        fc.constantFrom(...jumps),
        async (acts, offMs) => {
          const right = await play(
            createHost(),
            acts.filter((each) => each.do !== 'jump'),
          );
          expect(await play(createHost({ offMs }), acts)).toEqual(right);
        },
      ),
      settings,
    );
  });
});

describe('F3: a claimant whose whole machine stood still', () => {
  test('gives its claim back and looks again: its wall clock alone shows it', async () => {
    const host = createHost();
    const held = holdCalls(host.storage, 'compareAndSet', 'after');
    const stopped = watchPromise(host.start().getToken());
    await host.clock.advance(LATENCY_MS);
    const claim = (await host.storage.read(key))?.record.attempts[0];
    expect(claim?.outcome).toBe('pending');
    host.clock.jumpWall(80 * SECOND);
    held.open();
    await settle();
    // It has withdrawn its claim, and looks again before it puts another one.
    const { attempts = [] } = (await host.storage.read(key))?.record ?? {};
    expect(attempts.find(({ id }) => id === claim?.id)).toMatchObject({ leaseMs: 0 });
    await host.clock.advance(SECOND);
    expect([stopped.state, host.kis.answers.length]).toEqual(['fulfilled', 1]);
  });
});

describe('F5: a `Date` that cannot be', () => {
  test('costs no token that came with it', async () => {
    const host = createHost();
    const { issue } = host.kis;
    host.kis.issue = async (options) => ({ ...(await issue(options)), serverDateMs: Date.UTC(2100, 0) });
    expect(await serve(host, host.start())).toBe('token 1');
  });

  test('costs no question where the next one is right', async () => {
    const host = createHost();
    const tokens = host.start();
    expect(await serve(host, tokens)).toBe('token 1');
    tokens.clock?.learn(host.kis.nowMs() + DAY - HOUR, tokens.clock.monotonicMs());
    expect(await serve(host, tokens)).toBe('token 1');
    tokens.clock?.learn(host.kis.nowMs(), tokens.clock.monotonicMs());
    expect(await serve(host, tokens)).toBe('token 1');
    expect(host.kis.answers).toHaveLength(1);
  });
});
