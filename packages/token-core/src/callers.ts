import { TokenIssueError, TokenStorageError } from './errors.ts';
import type { EventSink } from './events.ts';
import type { Flight, FlightResult } from './flight.ts';
import type { Knowledge } from './knowledge.ts';
import type { Block } from './permission.ts';
import type { Token } from './ports.ts';
import type { Renewal } from './renewal.ts';
import type { ServerClock } from './server-clock.ts';
import { isTokenValid } from './validity.ts';
import { blockError } from './wait-errors.ts';
import { waitFor } from './waiting.ts';

/** Those who want a token. Each waits for as long as it may, and all share what is under way. */
export interface Callers {
  /** A usable token: the one at hand, a stored one, or what `flight` brings. */
  obtain(flight: Flight, signal: AbortSignal | undefined): Promise<Token>;
  /** For one who wants none of the tokens that there are. */
  need(flight: Flight, signal: AbortSignal | undefined): Promise<Token>;
  /** For one who wants a better token than it has, and waits for nothing but another process's question. */
  renew(flight: Flight): Promise<Token>;
  /** What holds up those who wait. */
  bear(block: Block): void;
  /** Why somebody got no token, the last time. */
  readonly lastError: TokenIssueError | TokenStorageError | undefined;
  note(error: unknown): void;
}

export interface CallersOptions {
  readonly clock: ServerClock;
  readonly knowledge: Knowledge;
  readonly renewal: Renewal;
  readonly emit: EventSink;
  readonly expiryBufferMs: number;
  readonly maxWaitMs: number;
  readonly minIssueIntervalMs: number;
  /** Takes in what is stored, if it can be read. */
  look(): Promise<void>;
  isClosed(): boolean;
}

/** How long a caller whose token is in its buffer waits for a better one. */
const PATIENCE_MS = 2_000;

export function createCallers(options: CallersOptions): Callers {
  const { clock, knowledge, renewal, expiryBufferMs, maxWaitMs, isClosed } = options;
  let firstLook: Promise<void> | undefined;
  let hasLooked = false;
  let lastBlock: Block | undefined;
  let lastError: TokenIssueError | TokenStorageError | undefined;

  /** The token that is known, if it is valid for so much longer. */
  function at(bufferMs: number): Token | undefined {
    const { token } = knowledge;
    const nowMs = clock.nowMs();
    return token !== undefined && isTokenValid(token, { nowMs, expiryBufferMs: bufferMs }) ? token : undefined;
  }

  function note(error: unknown): void {
    if (error instanceof TokenIssueError || error instanceof TokenStorageError) lastError = error;
  }

  function waitedInVain(): TokenIssueError {
    if (lastBlock !== undefined) return blockError(lastBlock);
    return new TokenIssueError('No answer about a token came in time', { retryAfterMs: options.minIssueIntervalMs });
  }

  async function seek(
    flight: Flight,
    mayWait: (block: Block) => boolean,
    wait: (result: Promise<FlightResult>) => Promise<FlightResult> = (result) => result,
  ): Promise<Token> {
    const { result, leave } = flight.join(mayWait);
    try {
      const found = await wait(result);
      if ('block' in found) throw blockError(found.block);
      lastBlock = undefined;
      return found.token;
    } catch (error) {
      note(error);
      throw error;
    } finally {
      leave();
    }
  }

  const renew = (flight: Flight): Promise<Token> => seek(flight, isClaimed);

  function need(flight: Flight, signal: AbortSignal | undefined): Promise<Token> {
    return seek(flight, isWorthWaitingFor, (result) =>
      waitFor(result, { clock, signal, timeoutMs: maxWaitMs, onTimeout: waitedInVain }),
    );
  }

  /** The token is in its buffer: a better one is worth a short wait, but no failure. */
  async function improve(token: Token, flight: Flight, signal: AbortSignal | undefined): Promise<Token | undefined> {
    const timeoutMs = Math.min(PATIENCE_MS, (token.expiresAtMs - clock.nowMs()) / 2);
    const better = renewal.attempt(() => renew(flight));
    await waitFor(better, { clock, signal, timeoutMs, onTimeout: renewal.postpone }).catch(() =>
      signal?.throwIfAborted(),
    );
    return at(0);
  }

  async function lookFirst(signal: AbortSignal | undefined): Promise<void> {
    firstLook ??= options.look().finally(() => {
      hasLooked = true;
    });
    await waitFor(firstLook, { clock, signal, timeoutMs: maxWaitMs, onTimeout: waitedInVain });
  }

  function check(signal: AbortSignal | undefined): void {
    if (isClosed()) throw new TokenIssueError('The token manager is closed');
    signal?.throwIfAborted();
  }

  return {
    renew,
    need,
    note,
    get lastError() {
      return lastError;
    },
    bear(block) {
      const { reason, waitMs } = block;
      if (reason !== lastBlock?.reason) options.emit({ type: 'waiting', reason, waitMs });
      lastBlock = block;
    },
    async obtain(flight, signal) {
      check(signal);
      if (!hasLooked) await lookFirst(signal);
      check(signal);
      const usable = at(expiryBufferMs);
      if (usable !== undefined) {
        void renewal.attempt(() => seek(flight, never));
        return usable;
      }
      const alive = at(0);
      const better = alive && (await improve(alive, flight, signal));
      if (better !== undefined) return better;
      try {
        return await need(flight, signal);
      } catch (error) {
        // Found meanwhile, or got and not yet stored: whatever failed, it serves.
        const found = signal?.aborted === true || isClosed() ? undefined : at(0);
        if (found !== undefined) return found;
        throw error;
      }
    },
  };
}

const never = (): boolean => false;
const isClaimed = ({ reason }: Block): boolean => reason === 'claimed';
const isWorthWaitingFor = ({ reason }: Block): boolean => reason === 'claimed' || reason === 'interval';
