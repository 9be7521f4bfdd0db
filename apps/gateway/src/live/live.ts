import type { FastifyReply } from 'fastify';
import type { Account } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Readiness } from '../health/readiness.ts';
import type { TokenStatuses } from '../health/token-statuses.ts';
import { type Board, createBoard } from './board.ts';
import { createEventStreams, eventOf } from './event-streams.ts';
import type { Hello, LiveEvents, Source } from './events.ts';
import type { Problems } from './problems.ts';
import { describeAccount } from './state.ts';

/** How the gateway is doing, told once a second to whoever listens. */
export interface Live {
  /** Takes over a reply, for somebody who watches the board of an account, as soon as there is something to tell. */
  open(reply: FastifyReply, account: Account): Promise<void>;
  /** Once a second. */
  tick(): void;
  /** Tells those who listen. */
  send<T extends keyof LiveEvents>(type: T, data: LiveEvents[T]): void;
  /** How many listen. */
  readonly size: number;
  close(): void;
}

export function createLive(options: {
  readonly accounts: Accounts;
  readonly about: { readonly source: Source; readonly storage: Hello['storage']; readonly version: string };
  readonly boardCodes: readonly string[];
  readonly problems: Problems;
  readonly readiness: Readiness;
  readonly statuses: TokenStatuses;
  readonly loopLagMs: () => number;
  /** Aborted when the gateway ends. */
  readonly closing: AbortSignal;
}): Live {
  const { accounts, about, boardCodes, problems, readiness, statuses, loopLagMs, closing } = options;
  const startedAtMs = Date.now();
  const streams = createEventStreams();
  const boards = new Map(accounts.all.map((account) => [account.name, createBoardOf(account)]));

  function createBoardOf(account: Account): Board {
    const { name } = account;
    return createBoard({
      account,
      codes: boardCodes,
      closing,
      onQuotes: () => streams.send(quotesOf(name), name),
      onError: (error) => problems.note('board', error, name),
    });
  }

  function quotesOf(account: string): string {
    const last = boards.get(account)?.last;
    return last === undefined ? '' : tell('quotes', { account, ...last });
  }

  function hello(): string {
    return tell('hello', {
      nowMs: Date.now(),
      startedAtMs,
      ...about,
      board: boardCodes.map((code) => ({ code })),
      accounts: accounts.all.map(({ name, client }) => ({ name, environment: client.environment })),
      history: Object.fromEntries(accounts.all.map(({ name, usage }) => [name, usage.seconds])),
      problems: problems.list,
    });
  }

  function state(): string {
    const { ready, missing } = readiness.last;
    return tell('state', {
      nowMs: Date.now(),
      ready,
      missing,
      streams: streams.size,
      loopLagMs: loopLagMs(),
      accounts: accounts.all.map((account) => describeAccount(account, statuses.last(account.name).status)),
    });
  }

  return {
    async open(reply, { name }) {
      await readiness.look();
      // Whoever asked may have left meanwhile.
      if (reply.request.raw.socket.destroyed || closing.aborted) return void reply.code(503).send();
      streams.open(reply, name, () => [hello(), state(), quotesOf(name)]);
      boards.get(name)?.tick();
    },
    tick() {
      for (const { usage } of accounts.all) usage.tick();
      if (streams.size === 0) return;
      // Not waited for: those who listen hear from us every second, come what may.
      void readiness.look();
      streams.send(state());
      for (const name of streams.watched) boards.get(name)?.tick();
    },
    send: (type, data) => streams.send(tell(type, data)),
    get size() {
      return streams.size;
    },
    close: () => streams.close(),
  };
}

function tell<T extends keyof LiveEvents>(type: T, data: LiveEvents[T]): string {
  return eventOf(type, data);
}
