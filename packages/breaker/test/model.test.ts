import fc from 'fast-check';
import { expect, test } from 'vitest';
import { abort, createCircuit, createTask, failure } from './harness.ts';

interface Settings {
  readonly failureThreshold: number;
  readonly openMs: number;
  readonly halfOpenProbes: number;
  readonly probeTimeoutMs: number;
}

type End = 'success' | 'failure' | 'neither';

/** The breaker as one would draw it: every millisecond is lived through, and a result names the phase of its call. */
function createModel({ failureThreshold, openMs, halfOpenProbes, probeTimeoutMs }: Settings) {
  let phase = 0;
  let state = 'CLOSED';
  let failures = 0;
  let restMs = 0;
  let successes = 0;
  let probes = new Map<number, number>();

  function enter(next: string): void {
    phase += 1;
    state = next;
    failures = 0;
    restMs = next === 'OPEN' ? openMs : 0;
    successes = 0;
    probes = new Map();
  }

  return {
    open: () => enter('OPEN'),
    reset: () => enter('CLOSED'),
    live(ms: number) {
      for (let n = 0; n < ms; n += 1) {
        if (state === 'OPEN') {
          restMs -= 1;
          if (restMs === 0) enter('HALF_OPEN');
        } else {
          for (const [call, leftMs] of probes) probes.set(call, leftMs - 1);
          if ([...probes.values()].includes(0)) enter('OPEN');
        }
      }
    },
    retryAfterMs() {
      if (state === 'OPEN') return restMs;
      return state === 'HALF_OPEN' && probes.size + successes === halfOpenProbes ? Math.min(...probes.values()) : 0;
    },
    begin(call: number) {
      if (state === 'HALF_OPEN') probes.set(call, probeTimeoutMs);
      return phase;
    },
    end(call: number, of: number, end: End) {
      if (of !== phase) return;
      probes.delete(call);
      if (end === 'neither') return;
      if (state === 'CLOSED') {
        failures = end === 'success' ? 0 : failures + 1;
        if (failures === failureThreshold) enter('OPEN');
      } else if (end === 'failure') enter('OPEN');
      else {
        successes += 1;
        if (successes === halfOpenProbes) enter('CLOSED');
      }
    },
    stats() {
      return { state, failures, failureThreshold, probes: probes.size, retryAfterMs: this.retryAfterMs() };
    },
  };
}

const step = fc.oneof(
  { weight: 8, arbitrary: fc.constant({ do: 'call' } as const) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      nth: fc.nat(30),
      end: fc.constantFrom<End>('success', 'failure', 'failure', 'neither'),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('live' as const), ms: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 2, arbitrary: fc.constant({ do: 'look' } as const) },
  { weight: 1, arbitrary: fc.constantFrom({ do: 'open' } as const, { do: 'reset' } as const) },
);

const settings = fc.record({
  failureThreshold: fc.integer({ min: 1, max: 3 }),
  openMs: fc.integer({ min: 1, max: 6 }),
  halfOpenProbes: fc.integer({ min: 1, max: 3 }),
  probeTimeoutMs: fc.integer({ min: 2, max: 12 }),
});

test('whatever happens, it is as if it had watched every millisecond', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(settings, fc.array(step, { maxLength: 80, size: 'max' }), async (options, steps) => {
      const { breaker, advance } = createCircuit(options);
      const model = createModel(options);
      const running: { readonly call: number; readonly of: number; readonly end: (end: End) => Promise<unknown> }[] =
        [];
      for (const [call, it] of steps.entries()) {
        if (it.do === 'open' || it.do === 'reset') {
          breaker[it.do]();
          model[it.do]();
        } else if (it.do === 'live') {
          advance(it.ms);
          model.live(it.ms);
        } else if (it.do === 'look') {
          expect(breaker.stats()).toEqual(model.stats());
        } else if (it.do === 'end') {
          const [one] = running.splice(it.nth % (running.length || 1), 1);
          if (one === undefined) continue;
          await one.end(it.end);
          model.end(one.call, one.of, it.end);
        } else {
          const waitMs = model.retryAfterMs();
          const task = createTask();
          const result = breaker.execute(task.run).catch((error: unknown) => error);
          seen.add(`${model.stats().state} ${waitMs > 0 ? 'rejects' : 'runs'}`);
          if (waitMs > 0) {
            expect(await result).toMatchObject({ code: 'ERR_CIRCUIT_OPEN', retryAfterMs: waitMs });
            continue;
          }
          running.push({
            call,
            of: model.begin(call),
            end(end) {
              if (end === 'success') task.resolve('up');
              else task.reject(end === 'failure' ? failure : abort);
              return result;
            },
          });
        }
      }
      expect(breaker.stats()).toEqual(model.stats());
    }),
    { numRuns: 500 },
  );
  expect([...seen].sort()).toEqual(['CLOSED runs', 'HALF_OPEN rejects', 'HALF_OPEN runs', 'OPEN rejects']);
});
