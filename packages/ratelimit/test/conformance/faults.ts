import { setTimeout as sleep } from 'node:timers/promises';
import type { CreateLimiters } from '../../src/conformance.ts';
import { createRateLimiter, type ExecuteOptions, type RateLimiter, type RateLimiterOptions } from '../../src/index.ts';

/** A limiter that breaks a part of the contract, and the clauses that have to find it. */
export interface Fault {
  readonly name: string;
  readonly create: CreateLimiters;
  readonly breaks: readonly string[];
}

type Task<T> = () => Promise<T>;

/** Three that are one, each changed. One that is closed while nothing is going on leaves the others open. */
function thrice(change: (limiter: RateLimiter, index: number) => RateLimiter, options: RateLimiterOptions) {
  const limiter = createRateLimiter(options);
  const close: RateLimiter['close'] = async (more) => {
    const { waiting, inFlight } = limiter.stats();
    if (waiting + inFlight > 0) await limiter.close(more);
  };
  return [0, 1, 2].map((index) => change({ ...limiter, close }, index));
}

/** Calls go to the limiter in another way. */
function calling(execute: <T>(limiter: RateLimiter, task: Task<T>, options?: ExecuteOptions) => Promise<T>) {
  return (limiter: RateLimiter): RateLimiter => ({
    ...limiter,
    execute: (task, options) => execute(limiter, task, options),
  });
}

export const faults: readonly Fault[] = [
  {
    name: 'changes what a task gives',
    create: (options) => thrice(calling(changeResult), options),
    breaks: ['each task is run once, and its caller gets what it gives or throws'],
  },
  {
    name: 'counts the calls of each limiter by itself',
    create: (options) => [1, 2, 3].map(() => createRateLimiter(options)),
    breaks: [
      'no window holds more arrivals than the limit, whoever calls, and however long calls are under way',
      'what was not used of a window cannot be asked for later',
      'a task that ends without an answer keeps its slot for a window from then on',
      'refusals of one burst pause all for a window, once',
      'after such a pause one call goes first, and the others when it was answered',
      'with `adaptive` what a refusal takes off the limit is taken off for all',
      'a pause that one limiter is told holds for all',
      'a wait that cannot end in time is not begun: it is rejected with what it would have been, and takes no slot',
      'with `maxQueue: 0` whoever finds a slot is run, and whoever finds none is rejected',
      'what a limiter that is closed had in use comes back to the others a window later, and not before',
    ],
  },
  {
    name: 'pays back what was not used',
    create: (options) => thrice(createPayingBack(options), options),
    breaks: ['what was not used of a window cannot be asked for later'],
  },
  {
    name: 'takes four times as long as it has to',
    create: (options) => thrice((limiter) => limiter, { ...options, windowMs: 4 * (options.windowMs ?? 1_000) }),
    breaks: [
      'the budget is used up: whoever waits starts when a slot is free',
      'a wait that cannot end in time is not begun: it is rejected with what it would have been, and takes no slot',
    ],
  },
  {
    name: 'lets one limiter wait for the others',
    create: (options) => thrice(putLast, options),
    breaks: ['limiters that all have callers waiting get turns alike'],
  },
  {
    name: 'hears no refusal',
    create: (options) => thrice((limiter) => limiter, { ...options, isRefusal: undefined, adaptive: false }),
    breaks: [
      'refusals of one burst pause all for a window, once',
      'after such a pause one call goes first, and the others when it was answered',
      'with `adaptive` what a refusal takes off the limit is taken off for all',
    ],
  },
  {
    name: 'lets refusals take nothing off the limit',
    create: (options) => thrice((limiter) => limiter, { ...options, adaptive: false }),
    breaks: ['with `adaptive` what a refusal takes off the limit is taken off for all'],
  },
  {
    name: 'hears of no pause',
    create: (options) => thrice((limiter) => ({ ...limiter, penalize: () => {} }), options),
    breaks: ['a pause that one limiter is told holds for all'],
  },
  {
    name: 'lets whoever has gone take its slot',
    create: (options) => thrice(calling(runAllTheSame), options),
    breaks: ['whoever aborts is rejected with the reason of its signal, is not run, and takes no slot'],
  },
  {
    name: 'knows no deadline',
    create: (options) => thrice(calling(without('timeoutMs')), { ...options, queueTimeoutMs: Infinity }),
    breaks: [
      'a wait that cannot end in time is not begun: it is rejected with what it would have been, and takes no slot',
    ],
  },
  {
    name: 'takes a task that never began for one that has ended',
    create: (options) =>
      thrice(
        calling((limiter, task, more) => limiter.execute(async () => task(), more)),
        options,
      ),
    breaks: ['a task that throws before it has returned a promise gives its slot to the next one'],
  },
  {
    name: 'has a queue without bounds',
    create: (options) => thrice((limiter) => limiter, { ...options, maxQueue: undefined }),
    breaks: ['with `maxQueue: 0` whoever finds a slot is run, and whoever finds none is rejected'],
  },
  {
    name: 'knows no priority',
    create: (options) => thrice(calling(without('priority')), options),
    breaks: ['the callers of one limiter have their turns by priority, and within it in the order in which they came'],
  },
  {
    name: 'runs as many tasks as it has slots',
    create: (options) => thrice((limiter) => limiter, { ...options, maxConcurrent: undefined }),
    breaks: ['no more tasks of one limiter run at once than `maxConcurrent`'],
  },
  {
    name: 'is closed before what runs has ended',
    create: (options) =>
      thrice((limiter) => ({ ...limiter, close: async (more) => void limiter.close(more) }), options),
    breaks: [
      'closing rejects whoever waits and whoever comes, and resolves when nothing runs',
      'closing with `drain` lets whoever waits have its turn',
    ],
  },
];

async function changeResult<T>(limiter: RateLimiter, task: Task<T>, options?: ExecuteOptions): Promise<T> {
  const result = await limiter.execute(task, options);
  return (Number.isInteger(result) ? Number(result) + 1 : result) as T;
}

function without(name: keyof ExecuteOptions) {
  return <T>(limiter: RateLimiter, task: Task<T>, options?: ExecuteOptions) =>
    limiter.execute(task, { ...options, [name]: undefined });
}

/** After two windows without a call so many go past the limiter. */
function createPayingBack({ limit, windowMs = 1_000 }: RateLimiterOptions) {
  let lastMs = performance.now();
  let left = 0;
  return calling((limiter, task, options) => {
    const nowMs = performance.now();
    if (nowMs - lastMs > 2 * windowMs) left = limit;
    lastMs = nowMs;
    left -= 1;
    return left >= 0 ? task() : limiter.execute(task, options);
  });
}

function putLast(limiter: RateLimiter, index: number): RateLimiter {
  if (index < 2) return limiter;
  return calling(async (all, task, options) => {
    do await sleep(10);
    while (all.stats().waiting > 0);
    return all.execute(task, options);
  })(limiter);
}

function runAllTheSame<T>(limiter: RateLimiter, task: Task<T>, options: ExecuteOptions = {}): Promise<T> {
  const { signal, ...more } = options;
  if (signal === undefined || signal.aborted) return limiter.execute(task, options);
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
    setTimeout(() => void limiter.execute(task, more).then(resolve, reject), 1);
  });
}
