import type { AccountState, Hello, LiveEvents, ProblemNote, Quote, Second, State } from '../../src/live/events.ts';
import type { ServerEvent } from './live/event-parser.ts';

const KEPT_SECONDS = 60;
const KEPT_PROBLEMS = 30;
/** `state` comes every second. */
const STALE_MS = 3_500;

/** All that the page knows of the gateway. */
export interface Model {
  readonly hello?: Hello;
  readonly state?: State;
  readonly quotes: ReadonlyMap<string, Quote>;
  readonly quotesAtMs?: number;
  readonly seconds: ReadonlyMap<string, readonly Second[]>;
  readonly problems: readonly ProblemNote[];
  /** How often in a row the gateway has asked for a key, or refused it. */
  readonly denials: number;
  /** By this page's own monotonic clock. */
  readonly heardAtMs?: number;
}

export const emptyModel: Model = { quotes: new Map(), seconds: new Map(), problems: [], denials: 0 };

export type Link = 'connecting' | 'live' | 'stale' | 'denied';

export function linkOf(model: Model, monotonicMs: number): Link {
  if (model.denials > 0) return 'denied';
  if (model.heardAtMs === undefined) return 'connecting';
  return monotonicMs - model.heardAtMs > STALE_MS ? 'stale' : 'live';
}

/** The gateway's clock as it stands now. */
export function gatewayNowMs({ state, heardAtMs }: Model, monotonicMs: number): number | undefined {
  return state === undefined || heardAtMs === undefined ? undefined : state.nowMs + monotonicMs - heardAtMs;
}

/** How far KIS's clock, by which tokens and prices are dated, is ahead of the gateway's. */
export function kisAheadMs({ state }: Model, account: AccountState | undefined): number {
  return state === undefined || account?.token === undefined ? 0 : account.token.nowMs - state.nowMs;
}

export function accountOf({ state }: Model, name: string | undefined): AccountState | undefined {
  return state?.accounts.find((account) => account.name === name) ?? state?.accounts[0];
}

export function applyEvent(model: Model, { type, data }: ServerEvent, monotonicMs: number): Model {
  const heard = { ...model, denials: 0, heardAtMs: monotonicMs };
  const read = <T extends keyof LiveEvents>() => JSON.parse(data) as LiveEvents[T];
  switch (type) {
    case 'hello': {
      const hello = read<'hello'>();
      const seconds = new Map(Object.entries(hello.history));
      return { ...heard, hello, problems: hello.problems, seconds, quotes: new Map() };
    }
    case 'state': {
      const state = read<'state'>();
      return { ...heard, state, seconds: appendSeconds(model.seconds, state) };
    }
    case 'quotes': {
      const { atMs, quotes } = read<'quotes'>();
      return { ...heard, quotesAtMs: atMs, quotes: new Map(quotes.map((quote) => [quote.stockCode, quote])) };
    }
    case 'problem': {
      const problem = read<'problem'>();
      const others = model.problems.filter(({ id }) => id !== problem.id);
      return { ...heard, problems: [problem, ...others].slice(0, KEPT_PROBLEMS) };
    }
    default:
      return heard;
  }
}

function appendSeconds(seconds: Model['seconds'], { accounts }: State): Model['seconds'] {
  return new Map(
    accounts.map(({ name, second }) => {
      const before = seconds.get(name) ?? [];
      if (second === undefined || second.atMs === before.at(-1)?.atMs) return [name, before];
      return [name, [...before, second].slice(-KEPT_SECONDS)];
    }),
  );
}
