import { createCallers } from './callers.ts';
import { createClaimants } from './claimant.ts';
import { TokenIssueError } from './errors.ts';
import { createEventSink } from './events.ts';
import { createFlight, type Flight } from './flight.ts';
import { createHotToken } from './hot-token.ts';
import { createKeeper } from './keeper.ts';
import { createKnowledge } from './knowledge.ts';
import type { Token, TokenRecord } from './ports.ts';
import { createQuestion, type Purpose } from './question.ts';
import { emptyRecord, findLost } from './record.ts';
import { createRenewal } from './renewal.ts';
import { createServerClock, type ServerClock } from './server-clock.ts';
import { checkManagerOptions, type TokenManagerOptions } from './settings.ts';
import { describeStatus, type TokenStatus } from './status.ts';
import { createStoredRecord } from './stored-record.ts';
import { createTimeCheck } from './time-check.ts';
import { tokenId } from './token-id.ts';
import { isTokenValid, laterToken, renewalMs } from './validity.ts';
import { createVigil } from './vigil.ts';

export interface TokenManager {
  /** KIS's time, as far as its replies have told it: give it the `Date` header of yours, too. */
  readonly clock?: ServerClock | undefined;
  /**
   * A usable token. While one is at hand this costs no I/O; the first use reads the storage, and asks KIS only if nobody
   * else has a token or is getting one. Callers share one question.
   *
   * Rejects with TokenIssueError (KIS gives no token: `kisCode`, `retryAfterMs`), TokenStorageError (the storage cannot be
   * read), or the signal's reason; an abort ends this caller's wait alone.
   */
  getToken(options?: { readonly signal?: AbortSignal | undefined }): Promise<Token>;
  /** Says that KIS refused this token. Costs no I/O; the next `getToken` finds or asks for another. */
  invalidate(token: Token): void;
  /** A token that KIS gave after this call, which within 6 hours of an issue is the same one. Obeys the interval, and three forced questions an hour. Rejects as `getToken`. */
  refresh(options?: { readonly signal?: AbortSignal | undefined }): Promise<Token>;
  /** How things stand, with a fresh look at the storage; never asks KIS. */
  status(): Promise<TokenStatus>;
  /** Gives the token back to KIS (`/oauth2/revokeP`) and, once KIS confirmed, marks it as dead for everybody. A failure changes nothing. */
  revoke(): Promise<void>;
  /** Keeps a token at hand without any call, by a timer that does not keep the process alive. */
  start(): void;
  /** Ends waits and timers; a question that is under way is brought to its end, so that its answer is not lost. */
  close(): Promise<void>;
}

/** A host's clock that is off by less is right as far as a `Date` header can tell. */
const VAGUE_MS = 2_000;

/**
 * Keeps one access token per app key, over all callers, and over all processes that share its storage.
 *
 * @throws TypeError, RangeError naming the option that is wrong, never showing a secret.
 */
export function createTokenManager(options: TokenManagerOptions): TokenManager {
  const settings = checkManagerOptions(options);
  const { key, storage, issuer, expiryBufferMs, refreshAheadMs } = settings;
  // Processes that got the token at one moment are not to renew it at one moment.
  const ownAheadMs = refreshAheadMs * (1 - 0.1 * Math.random());

  const emit = createEventSink(options.onEvent, key);
  const clock = createServerClock(settings.clock, onCorrected);
  const isUsable = (token: Token, bufferMs: number): boolean =>
    isTokenValid(token, { nowMs: clock.nowMs(), expiryBufferMs: bufferMs });
  const isAlive = (token: Token): boolean => isUsable(token, 0);
  const timeCheck = createTimeCheck({ issuer, clock, onVain: () => emit({ type: 'clock-unconfirmed' }) });
  const knowledge = createKnowledge({
    clock,
    isAlive,
    onToken,
    onAdopted: (token) => emit({ type: 'adopted', tokenId: tokenId(token), expiresAtMs: token.expiresAtMs }),
  });
  const claimants = createClaimants();
  const stored = createStoredRecord({ storage, key, clock, emit, tombstones: () => knowledge.dead });
  const keeper = createKeeper({ storage, key, clock, tend });
  const vigil = createVigil({ storage, key, clock, isDead: claimants.isDead });
  const round = createQuestion({
    ...settings,
    clock,
    wall: settings.clock,
    stored,
    knowledge,
    claimants,
    isAlive,
    takeIn,
    emit,
    isClosed: () => isClosed,
  });
  const hot = createHotToken({ wall: settings.clock, clock });
  const renewal = createRenewal({ clock, emit, dueInMs: hot.leftMs });
  const callers = createCallers({ ...settings, clock, knowledge, renewal, emit, look, isClosed: () => isClosed });
  let isClosed = false;

  /** The hot path serves what is known, and nothing else. */
  function onToken(token: Token | undefined, before: Token | undefined): void {
    if (token === undefined || isClosed) {
      hot.drop();
      keeper.stop();
    } else {
      hot.hold(token, renewalMs(token, ownAheadMs));
      keeper.start();
    }
    if (token !== undefined || before === undefined) return;
    emit({ type: 'invalidated', tokenId: tokenId(before) });
    renewal.reset();
  }

  function onCorrected(byMs: number): void {
    hot.recheck();
    if (Math.abs(byMs) > VAGUE_MS) emit({ type: 'clock-corrected', byMs });
  }

  /** Gives a storage again what it has lost. */
  async function tend(): Promise<void> {
    const base = await stored.read();
    const { attempts } = await takeIn(base.record);
    const { token } = knowledge;
    if (isClosed || token === undefined || !isAlive(token)) return;
    const isThere = base.record.token?.value === token.value && findLost(base.record.attempts, attempts).length === 0;
    if (!isThere) await stored.publish({ token, attempts }, base);
  }

  async function takeIn(record: TokenRecord): Promise<TokenRecord> {
    await timeCheck.before();
    return knowledge.adopt(record);
  }

  const flightOf = (purpose: () => Purpose): Flight =>
    createFlight({
      vigil,
      round,
      purpose,
      isClosed: () => isClosed,
      onBlock: callers.bear,
    });

  const flight = flightOf(() => {
    const due = hot.take() === undefined ? knowledge.token : undefined;
    return {
      isInsistent: false,
      // What was due may be so no more: KIS has told the time meanwhile.
      isMet: (token) => isUsable(token, expiryBufferMs) && (token.value !== due?.value || hot.take() !== undefined),
    };
  });
  const refreshFlight = flightOf(() => {
    const sinceMs = clock.monotonicMs();
    return {
      isInsistent: true,
      isMet(token, { attempts }) {
        // Instants are whole milliseconds, what has passed is not.
        const startMs = clock.nowMs() - (clock.monotonicMs() - sinceMs) + 1;
        return isAlive(token) && attempts.some(({ outcome, atMs }) => outcome === 'issued' && atMs > startMs);
      },
    };
  });

  /** What is stored; undefined: it cannot be read. */
  async function read(): Promise<TokenRecord | undefined> {
    try {
      return (await stored.read()).record;
    } catch (error) {
      callers.note(error);
      return undefined;
    }
  }

  async function look(): Promise<void> {
    const record = await read();
    if (record !== undefined) await takeIn(record);
  }

  function checkOpen(): void {
    if (isClosed) throw new TokenIssueError('The token manager is closed');
  }

  return {
    clock,
    getToken(request) {
      const signal = request?.signal;
      return (signal?.aborted === true ? undefined : hot.take()) ?? callers.obtain(flight, signal);
    },
    invalidate(token) {
      if (typeof token?.value !== 'string') throw new TypeError('token-core: `token` must be a token of this manager');
      knowledge.refuse(token);
    },
    async refresh(request) {
      checkOpen();
      request?.signal?.throwIfAborted();
      return callers.need(refreshFlight, request?.signal);
    },
    async status() {
      const record = await read();
      const { attempts } = knowledge.see(record ?? emptyRecord);
      const storedToken = record?.token;
      // Shown and not taken: what the time is has perhaps to be asked first.
      const isOfUse = storedToken !== undefined && isAlive(storedToken) && !knowledge.isDead(storedToken);
      return describeStatus({
        token: laterToken(knowledge.token, isOfUse ? storedToken : undefined),
        storedToken,
        attempts,
        lastError: callers.lastError,
        nowMs: clock.nowMs(),
        expiryBufferMs,
        refreshAheadMs,
      });
    },
    async revoke() {
      checkOpen();
      const token = knowledge.token ?? (await stored.read()).record.token;
      if (token === undefined) return;
      if (issuer.revoke === undefined) throw new TokenIssueError('This issuer cannot revoke a token');
      await issuer.revoke(token, {});
      knowledge.refuse(token);
      await stored.publish({});
    },
    start() {
      checkOpen();
      renewal.start(() => callers.renew(flight));
    },
    async close() {
      isClosed = true;
      timeCheck.stop();
      hot.drop();
      renewal.stop();
      keeper.stop();
      vigil.ring();
      await Promise.allSettled([flight.landed(), refreshFlight.landed()]);
      await stored.flush();
      stored.close();
    },
  };
}
