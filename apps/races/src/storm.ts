import { readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { startMockServer } from '@kis/mock';
import { createFileStorage } from '@kis/storage-file';
import { account } from './cast.ts';
import { createStage, type Script } from './rig.ts';
import { countRounds, type StormCount } from './storm-count.ts';
import { LEASE_MS } from './storm-plan.ts';
import { playRound, type Round } from './storm-round.ts';
import { judgeRound } from './storm-verdict.ts';
import { createTroupe } from './troupe.ts';

export interface StormOptions {
  readonly rounds: number;
  readonly seed: number;
  /** Only this round, again and again. */
  readonly round?: number | undefined;
  /** How many are played at a time. Default 4. */
  readonly lanes?: number | undefined;
  /** The managers' `minIssueIntervalMs`. Default: that of KIS. */
  readonly minIssueIntervalMs?: number | undefined;
  /** Whether each process has a directory of its own, which nobody should do. */
  readonly isApart?: boolean | undefined;
  /** Told of each broken promise at once, and of the round by which it was drawn. */
  readonly onBroken?: ((what: string, round: number | undefined) => void) | undefined;
}

export interface StormResult {
  readonly rounds: number;
  /** A line for each promise that was broken, with the number of the round. */
  readonly broken: readonly string[];
  /** By fault, in the order of the alphabet. */
  readonly counts: ReadonlyMap<string, StormCount>;
}

const INTERVAL_MS = 300;

/**
 * Eight processes share one directory. In every round they get the token of an app key of its own, while one or two of them
 * are killed, stopped, or have their clock changed.
 */
export async function storm(script: Script, options: StormOptions): Promise<StormResult> {
  const { seed, lanes = 4, isApart = false } = options;
  const stage = createStage();
  const kis = { issueIntervalMs: INTERVAL_MS, sameTokenMs: 0, tokenLatencyMs: 30, symbols: 1 };
  const [server, shortLived] = await Promise.all([
    startMockServer(kis),
    startMockServer({ ...kis, tokenLifeMs: 3_000 }),
  ]);
  const storage = createFileStorage({ directory: stage.directory });
  const playing = new Map<number, Round>();
  const broken: string[] = [];
  const blame = (lines: readonly string[], round?: number): void => {
    for (const line of lines) {
      const what = round === undefined ? line : `round ${round}: ${line}`;
      broken.push(what);
      options.onBroken?.(what, round);
    }
  };
  const counts = new Map<string, StormCount>();

  const troupe = createTroupe({
    stage,
    script,
    storming: (who) => ({
      directory: isApart ? join(stage.directory, String(who)) : stage.directory,
      appSecret: account.appSecret,
      minIssueIntervalMs: options.minIssueIntervalMs ?? INTERVAL_MS,
      leaseMs: LEASE_MS,
    }),
    onLine(who, line) {
      if ('round' in line && line.round !== undefined) playing.get(line.round)?.hear(who, line);
      else if (line.type === 'trouble') blame([`process ${who}: ${line.text}`]);
    },
    onReplaced(who) {
      for (const round of playing.values()) round.replaced(who);
    },
    onCrash(what) {
      blame([what]);
      hasCrashed = true;
    },
  });

  let begun = 0;
  let hasCrashed = false;
  async function playLane(): Promise<void> {
    while (begun < options.rounds && !hasCrashed) {
      begun += 1;
      const number = begun;
      const plan = options.round ?? number;
      const round = playRound({ seed, plan, number, troupe, storage, server, shortLived });
      playing.set(number, round);
      const evidence = await round.evidence;
      playing.delete(number);
      blame(judgeRound(evidence), plan);
      countRounds(counts, evidence);
      blame(
        (await clearAway(round.key)).map((name) => `${name} is left`),
        plan,
      );
    }
  }

  /** After one more write nothing is there but versions, which are removed so that 2,000 rounds do not slow each other down. */
  async function clearAway(key: string): Promise<string[]> {
    await storage.delete(key);
    const names = readdirSync(stage.directory).filter((name) => name.startsWith(key));
    const versions = names.filter((name) => /\.v\d+\.json$/.test(name));
    for (const name of versions) unlinkSync(join(stage.directory, name));
    return names.filter((name) => !versions.includes(name));
  }

  try {
    await troupe.ready;
    await Promise.all(Array.from({ length: lanes }, playLane));
    await troupe.end();
    await storage.compareAndSet('last', undefined, { attempts: [], dead: [] });
    await clearAway('last');
    if (!isApart) blame(readdirSync(stage.directory).map((name) => `${name} is left in the end`));
  } finally {
    await storage.close?.();
    await stage.end();
    await Promise.all([server.close(), shortLived.close()]);
  }
  return { rounds: begun, broken, counts: new Map([...counts].sort(([a], [b]) => a.localeCompare(b))) };
}
