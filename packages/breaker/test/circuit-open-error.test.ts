import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CircuitOpenError } from '../src/index.ts';
import { createCircuit, succeed } from './harness.ts';

const folder = fileURLToPath(new URL('..', import.meta.url));
const framesOf = (error: Error): number => error.stack?.match(/\n {4}at /g)?.length ?? 0;
const limitNow = () => Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit');

/** Sets `Error.stackTraceLimit` for one test; undefined takes it away. */
function setLimit(descriptor: PropertyDescriptor | undefined): void {
  const before = limitNow();
  onTestFinished(() => {
    if (before !== undefined) Object.defineProperty(Error, 'stackTraceLimit', before);
  });
  // Defined anew, or it would keep what the new descriptor does not say.
  Reflect.deleteProperty(Error, 'stackTraceLimit');
  if (descriptor !== undefined) {
    Object.defineProperty(Error, 'stackTraceLimit', { configurable: true, enumerable: true, ...descriptor });
  }
}

async function rejection(): Promise<CircuitOpenError> {
  const { breaker } = createCircuit();
  breaker.open();
  return breaker.execute(succeed).then(
    () => expect.unreachable(),
    (error) => error,
  );
}

describe('CircuitOpenError', () => {
  test('is an Error with a code, a message and the wait, and no frame of a stack trace', async () => {
    const error = await rejection();
    expect(error).toBeInstanceOf(CircuitOpenError);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'CircuitOpenError', code: 'ERR_CIRCUIT_OPEN', retryAfterMs: 1_000 });
    expect(error.message).toBe('breaker: the circuit is open, try again in 1000 ms');
    expect(error.stack).toContain(error.message);
    expect(framesOf(error)).toBe(0);
    Error.captureStackTrace(error);
    expect(framesOf(error)).toBeGreaterThan(0);
  });

  test('leaves other errors their stack traces', async () => {
    await rejection();
    expect(framesOf(new Error('of somebody else'))).toBeGreaterThan(1);
  });

  test.each([0, 1, 3, 200, Number.POSITIVE_INFINITY])('leaves Error.stackTraceLimit as it was: %d', async (value) => {
    setLimit({ value, writable: true });
    const before = limitNow();
    expect(framesOf(await rejection())).toBe(0);
    expect(limitNow()).toEqual(before);
  });

  test('leaves Error.stackTraceLimit absent where it was absent', async () => {
    setLimit(undefined);
    expect(framesOf(await rejection())).toBe(0);
    expect(limitNow()).toBeUndefined();
  });

  test('leaves what is no number', async () => {
    setLimit({ value: '7', writable: true });
    const before = limitNow();
    expect(framesOf(await rejection())).toBe(0);
    expect(limitNow()).toEqual(before);
  });

  test.each<[string, PropertyDescriptor]>([
    ['is read-only', { value: 5, writable: false }],
    ['has a getter alone', { get: () => 5 }],
  ])('is thrown all the same where Error.stackTraceLimit %s', async (_, descriptor) => {
    setLimit(descriptor);
    const before = limitNow();
    expect(await rejection()).toMatchObject({ code: 'ERR_CIRCUIT_OPEN', retryAfterMs: 1_000 });
    expect(limitNow()).toEqual(before);
  });

  test('leaves Error.stackTraceLimit as it was when making the error fails', () => {
    const before = limitNow();
    const noPrototype = new Proxy(CircuitOpenError, {
      get() {
        throw new Error('no prototype');
      },
    });
    expect(() => new noPrototype(1)).toThrow('no prototype');
    expect(limitNow()).toEqual(before);
  });

  test.each([
    ['with', ''],
    ['without', 'delete Error.stackTraceLimit;'],
  ])('is thrown all the same where Error is frozen %s a limit', async (_, first) => {
    const program = `
      import { createCircuitBreaker } from '@kis/breaker';
      ${first}
      Object.freeze(Error);
      const before = Error.stackTraceLimit;
      const breaker = createCircuitBreaker();
      breaker.open();
      const { name, code } = await breaker.execute(async () => {}).catch((error) => error);
      console.log(name, code, Error.stackTraceLimit === before);
    `;
    const node = ['--import', 'tsx', '--input-type=module', '-e', program];
    const { stdout } = await promisify(execFile)(process.execPath, node, { cwd: folder });
    expect(stdout).toBe('CircuitOpenError ERR_CIRCUIT_OPEN true\n');
  });
});
