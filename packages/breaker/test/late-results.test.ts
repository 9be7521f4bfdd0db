import { describe, expect, test } from 'vitest';
import { abort, type Circuit, createCircuit, createTask, failure } from './harness.ts';

const phases: readonly [string, (circuit: Circuit) => void][] = [
  ['closed', () => {}],
  [
    'half open',
    ({ breaker, advance }) => {
      breaker.open();
      advance(1_000);
    },
  ],
];

const changes: readonly [string, (circuit: Circuit) => Promise<void> | void][] = [
  ['open()', ({ breaker }) => breaker.open()],
  ['reset()', ({ breaker }) => breaker.reset()],
  [
    'it closed again and saw failures',
    async ({ breaker, failTimes }) => {
      breaker.reset();
      await failTimes(1);
    },
  ],
  [
    'a later half-open phase with a probe of its own',
    ({ breaker, advance }) => {
      breaker.open();
      advance(1_000);
      breaker.execute(createTask().run);
    },
  ],
  [
    'a later half-open phase that waits for a probe',
    ({ breaker, advance }) => {
      breaker.open();
      advance(1_000);
    },
  ],
];

const results: readonly [string, (task: ReturnType<typeof createTask>) => void][] = [
  ['success', (task) => task.resolve('up')],
  ['failure', (task) => task.reject(failure)],
  ['non-failure', (task) => task.reject(abort)],
];

describe('B2: a late result changes nothing', () => {
  describe.each(phases)('of a call that began while it was %s', (_, begin) => {
    describe.each(changes)('after %s', (_, change) => {
      test.each(results)('%s', async (_, end) => {
        const states: string[] = [];
        const circuit = createCircuit({ failureThreshold: 2, onEvent: ({ state }) => states.push(state) });
        begin(circuit);
        const task = createTask();
        const ended = circuit.breaker.execute(task.run).catch(() => {});
        await change(circuit);
        const before = [circuit.breaker.stats(), [...states]];
        end(task);
        await ended;
        expect([circuit.breaker.stats(), states]).toEqual(before);
      });
    });
  });

  test('a slow failure from before it opened does not reopen it when it is half open', async () => {
    const { breaker, advance, failTimes } = createCircuit();
    const slow = createTask();
    const call = breaker.execute(slow.run);
    await failTimes(5);
    advance(1_000);
    expect(breaker.state).toBe('HALF_OPEN');
    slow.reject(failure);
    await expect(call).rejects.toBe(failure);
    expect(breaker.stats()).toMatchObject({ state: 'HALF_OPEN', probes: 0, retryAfterMs: 0 });
  });

  test('but the caller has it, whatever it is', async () => {
    const { breaker } = createCircuit();
    const [good, bad] = [createTask(), createTask()];
    const calls = [breaker.execute(good.run), breaker.execute(bad.run)];
    breaker.open();
    good.resolve('late');
    bad.reject(failure);
    expect(await Promise.allSettled(calls)).toEqual([
      { status: 'fulfilled', value: 'late' },
      { status: 'rejected', reason: failure },
    ]);
  });
});
