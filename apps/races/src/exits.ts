import { createFileStorage } from '@kis/storage-file';
import type { TokenRecord } from '@kis/token-core';
import type { ActorLine } from './actor.ts';
import { account, type Cast, createCast } from './cast.ts';
import type { ExitingLine, ExitingOptions, ExitPoint } from './exiting.ts';
import { createStage, type Script } from './rig.ts';

export interface ExitScripts {
  readonly exiting: Script;
  readonly actor: Script;
}

export interface ExitOptions {
  readonly at: ExitPoint;
  /** Absent: it is left to end by itself. */
  readonly by?: 'SIGTERM' | 'SIGINT' | 'exit' | 'throw';
  readonly closes?: boolean;
  /** Whether a token is stored before it starts. */
  readonly isTokenThere?: boolean;
}

/** How a process ended, and what it left. */
export interface Exit {
  /** Exit code, or the signal that ended it. */
  readonly ended: number | string;
  /** After it had reached the point. */
  readonly endedAfterMs: number;
  readonly lines: readonly ExitingLine[];
  readonly stderr: string;
  readonly record: TokenRecord | undefined;
  readonly cast: Cast;
  /** Lets another process get a token; what the server saw of it, and what that process left. */
  next(): Promise<NextProcess>;
  end(): Promise<void>;
}

interface NextProcess {
  readonly line: ActorLine & { readonly type: 'token' };
  /** Its questions: how long after its start, and what KIS said. */
  readonly questions: readonly { readonly afterMs: number; readonly kisCode: string }[];
  readonly ended: number | string;
  readonly stderr: string;
  readonly record: TokenRecord | undefined;
}

export const exitPolicy = { intervalMs: 1_500, leaseMs: 25_000 } as const;

/** Starts a process, ends it at a point, and waits until it has ended. */
export async function exitScene({ exiting, actor }: ExitScripts, options: ExitOptions): Promise<Exit> {
  const { intervalMs, leaseMs } = exitPolicy;
  const cast = await createCast(actor, {
    // Time enough to end a process that asks.
    server: { issueIntervalMs: intervalMs, tokenLatencyMs: options.at === 'asking' ? 2_000 : 100 },
    actors: { minIssueIntervalMs: intervalMs, leaseMs },
  });
  const { server, directory, key } = cast;
  const stage = createStage();
  const end = async (): Promise<void> => {
    await stage.end();
    await cast.end();
  };
  const readRecord = async (): Promise<TokenRecord | undefined> => {
    const storage = createFileStorage({ directory });
    return (await storage.read(key))?.record;
  };
  const startNext = async (): Promise<NextProcess> => {
    const before = server.fake.log().entries.length;
    const process = await cast.add();
    const sinceMs = Date.now();
    cast.go([process]);
    const line = await process.said('token');
    const ended = await process.ended;
    const entries = server.fake.log().entries.slice(before);
    const asked = entries.filter(({ path }) => path === '/oauth2/tokenP');
    const questions = asked.map(({ atMs, kisCode }) => ({ afterMs: atMs - sinceMs, kisCode: kisCode ?? '' }));
    return { line, questions, ended, stderr: process.stderr, record: await readRecord() };
  };

  try {
    if (options.isTokenThere === true) await startNext();
    if (options.at === 'waiting') {
      server.fake.control({ failNext: { count: 1, path: '/oauth2/tokenP', kisCode: 'EGW00133' } });
    }
    const { at, by, closes = false } = options;
    const { appKey, appSecret } = account;
    const given: ExitingOptions = {
      ...{ appKey, appSecret, baseUrl: server.url, directory, intervalMs, leaseMs, at, closes },
      isServer: at === 'idle' && by !== undefined,
      by: by === 'exit' || by === 'throw' ? by : undefined,
    };
    const process = stage.start<ExitingLine>(exiting, given);
    await process.said('reached');
    const sinceMs = performance.now();
    if (by === 'SIGTERM' || by === 'SIGINT') {
      // By then what was about to begin is under way.
      await new Promise((resolve) => setTimeout(resolve, 50));
      process.signal(by);
    }
    const ended = await process.ended;
    const endedAfterMs = performance.now() - sinceMs;
    server.fake.control({ tokenLatencyMs: 100 });
    const { lines, stderr } = process;
    return { ended, endedAfterMs, lines, stderr, record: await readRecord(), cast, next: startNext, end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** How long a process with a token that it got from KIS, a renewal and a watcher takes to end that has nothing else to do. */
export async function measureIdleEnd(scripts: ExitScripts): Promise<number> {
  const exit = await exitScene(scripts, { at: 'idle' });
  await exit.end();
  return exit.ended === 0 ? exit.endedAfterMs : Number.POSITIVE_INFINITY;
}
