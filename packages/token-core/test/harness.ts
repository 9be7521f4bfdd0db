import {
  createMemoryStorage,
  createTokenManager,
  type Token,
  type TokenEvent,
  TokenIssueError,
  type TokenIssuer,
  type TokenManager,
  type TokenManagerOptions,
  type TokenRecord,
  type TokenStorage,
  tokenKey,
} from '../src/index.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';

export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

export const appKey = 'PSTESTTESTTESTTESTTESTTESTTESTTEST01';
export const appSecret: string = 'testsecret+/='.repeat(13);
export const key: string = tokenKey({ appKey, environment: 'real' });

type Answer = Token | TokenIssueError | (() => Token);

/** An issuer that answers as the test says, and counts. */
interface ScriptedIssuer extends TokenIssuer {
  readonly asked: number[];
  answer(...answers: Answer[]): void;
  /** Answers the question that waits. */
  reply(answer: Token | TokenIssueError): void;
}

export interface Rig {
  readonly clock: ManualClock;
  readonly storage: TokenStorage;
  readonly issuer: ScriptedIssuer;
  readonly events: TokenEvent[];
  manager(options?: Partial<TokenManagerOptions>): TokenManager;
  token(name: string, lifeMs?: number): Token;
  store(record: Partial<TokenRecord>): Promise<void>;
  stored(): Promise<TokenRecord | undefined>;
}

export function createRig(): Rig {
  const clock = createManualClock();
  const storage = createMemoryStorage();
  const issuer = createScriptedIssuer(clock);
  const events: TokenEvent[] = [];
  return {
    clock,
    storage,
    issuer,
    events,
    manager: (options) =>
      createTokenManager({
        appKey,
        appSecret,
        environment: 'real',
        storage,
        issuer,
        clock,
        onEvent: (event) => events.push(event),
        ...options,
      }),
    token: (name, lifeMs = DAY) => ({
      value: name.padEnd(120, '.'),
      issuedAtMs: clock.nowMs(),
      expiresAtMs: clock.nowMs() + lifeMs,
    }),
    async store(record) {
      const before = await storage.read(key);
      await storage.compareAndSet(key, before?.version, { attempts: [], dead: [], ...record });
    },
    stored: async () => (await storage.read(key))?.record,
  };
}

function createScriptedIssuer(clock: ManualClock): ScriptedIssuer {
  const asked: number[] = [];
  const answers: Answer[] = [];
  let settle: ((answer: Token | TokenIssueError) => void) | undefined;
  return {
    timeoutMs: 10_000,
    asked,
    answer: (...more) => void answers.push(...more),
    reply: (answer) => settle?.(answer),
    async issue() {
      asked.push(clock.nowMs());
      const answer = answers.shift() ?? (await new Promise<Token | TokenIssueError>((resolve) => (settle = resolve)));
      if (answer instanceof TokenIssueError) throw answer;
      return { token: typeof answer === 'function' ? answer() : answer };
    },
  };
}

export const tooSoon = (): TokenIssueError => new TokenIssueError('too soon', { status: 403, kisCode: 'EGW00133' });

/** What became of a promise by now. */
export function watchPromise<T>(promise: Promise<T>): {
  state: 'pending' | 'fulfilled' | 'rejected';
  value?: T;
  error?: unknown;
} {
  const seen: { state: 'pending' | 'fulfilled' | 'rejected'; value?: T; error?: unknown } = { state: 'pending' };
  promise.then(
    (value) => Object.assign(seen, { state: 'fulfilled', value }),
    (error: unknown) => Object.assign(seen, { state: 'rejected', error }),
  );
  return seen;
}

type Call = 'read' | 'compareAndSet';
type Result<Name extends Call> = Awaited<ReturnType<TokenStorage[Name]>>;

/** Puts `around` in the place of a storage's call, which is `go()`; calls are counted from 1. Undone by `end()`. */
export function intercept<Name extends Call>(
  storage: TokenStorage,
  name: Name,
  around: (go: () => Promise<Result<Name>>, nth: number) => Promise<Result<Name>>,
): { readonly calls: number; end(): void } {
  const works = storage[name];
  const call = works.bind(storage) as (...args: unknown[]) => Promise<Result<Name>>;
  let calls = 0;
  const instead = (...args: unknown[]): Promise<Result<Name>> => {
    calls += 1;
    return around(() => call(...args), calls);
  };
  Object.assign(storage, { [name]: instead });
  return {
    get calls() {
      return calls;
    },
    end: () => void Object.assign(storage, { [name]: works }),
  };
}

/** Holds a storage's calls back, before they do anything or before they tell of it, until the gate is opened. */
export function holdCalls(storage: TokenStorage, name: Call, when: 'before' | 'after' = 'before'): { open(): void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  intercept(storage, name, async (go) => {
    if (when === 'before') await opened;
    const result = await go();
    if (when === 'after') await opened;
    return result;
  });
  return { open: () => open() };
}

/** Lets a storage's call fail until the returned function mends it. */
export function breakCalls(storage: TokenStorage, name: Call, message = 'ENOSPC: no space left on device'): () => void {
  const error = Object.assign(new Error(message), { code: message.split(':')[0] });
  return intercept(storage, name, () => Promise.reject(error)).end;
}
