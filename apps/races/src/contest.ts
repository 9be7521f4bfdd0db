import { createFileStorage } from '@kis/storage-file';
import type { ContenderLine, RoundStart } from './contender.ts';
import { createStage, type Script } from './rig.ts';

export interface ContestResult {
  readonly rounds: number;
  /** Rounds in which two processes were told that they won. Must be 0. */
  readonly twoWinners: number;
  /** Rounds after which the winner's record was not the stored one. Must be 0. */
  readonly lostUpdates: number;
  /** Rounds in which a call rejected. Must be 0. */
  readonly errors: number;
  /** Rounds in which nobody was told that it won. */
  readonly noWinner: number;
  readonly msPerRound: number;
}

/** Lets `processes` contend for one `expected` in every round, all at one instant. */
export async function contest(script: Script, processes: number, rounds: number): Promise<ContestResult> {
  const stage = createStage();
  const key = 'real-contest';
  const storage = createFileStorage({ directory: stage.directory });
  const contenders = Array.from({ length: processes }, (_, i) =>
    stage.start<ContenderLine>(script, { directory: stage.directory, name: `contender-${i}` }),
  );
  const result = { rounds, twoWinners: 0, lostUpdates: 0, errors: 0, noWinner: 0 };
  const sinceMs = performance.now();
  try {
    await Promise.all(contenders.map((each) => each.said('ready')));
    for (let round = 0; round < rounds; round += 1) {
      const before = await storage.read(key);
      const start: RoundStart = { round, key, expected: before?.version, startMs: Date.now() + 2 + processes / 4 };
      for (const each of contenders) each.tell(JSON.stringify(start));
      const results = await Promise.all(contenders.map((each) => each.said('result', (line) => line.round === round)));
      const winners = contenders.filter((_, i) => results[i]?.version != null);
      const after = await storage.read(key);
      if (winners.length > 1) result.twoWinners += 1;
      if (winners.length === 0) result.noWinner += 1;
      if (results.some(({ error }) => error !== undefined)) result.errors += 1;
      const [winner] = winners;
      if (winner !== undefined) {
        const id = `contender-${contenders.indexOf(winner)}.${round}`;
        const version = results[contenders.indexOf(winner)]?.version;
        if (after?.version !== version || after?.record.attempts[0]?.id !== id) result.lostUpdates += 1;
      }
      for (const each of contenders) each.forget();
    }
  } finally {
    await storage.close?.();
    await stage.end();
  }
  return { ...result, msPerRound: (performance.now() - sinceMs) / rounds };
}
