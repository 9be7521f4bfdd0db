import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, startChild } from '../in-child.ts';
import { type LimiterPeerName, limiterPeerNames, loadLimiterPeer } from '../peers/limiter-peers.ts';
import type { Table } from '../table.ts';
import type { Verdict } from './judge.ts';
import { type PatternName, patterns } from './patterns.ts';

const script = new URL('./subject-child.ts', import.meta.url);
const limitMs = 15_000;

/** Whether a limiter of 20 a second keeps to it, in the judgement of a server that counts arrivals. */
export async function limiterAccuracy(): Promise<readonly Table[]> {
  const children = new Map<LimiterPeerName, Child<Verdict>>();
  const tables: Table[] = [];
  for (const pattern of Object.keys(patterns) as PatternName[]) tables.push(await judgeAll(pattern, children));
  for (const child of children.values()) child.end();
  return tables;
}

/** Each subject with a judge in a process of its own. Who stalls is ended, and begins anew with the next pattern. */
async function judgeAll(patternName: PatternName, children: Map<LimiterPeerName, Child<Verdict>>): Promise<Table> {
  const { title, note, idealMs } = patterns[patternName];
  const names = limiterPeerNames();
  for (const name of names) if (!children.has(name)) children.set(name, await startChild<Verdict>(script, [name]));
  const verdicts = await Promise.all(
    names.map(async (name, index) => {
      // Spread over the second, so that what begins anew each second takes no other's processor.
      await sleep((index * 1_000) / names.length);
      const verdict = await children.get(name)?.run({ order: patternName, limitMs });
      if (verdict === undefined) children.delete(name);
      return verdict;
    }),
  );

  const ours = verdicts[names.indexOf('ours')];
  const titles = await Promise.all(names.map(async (name) => (await loadLimiterPeer(name)).name));
  return {
    title: `Accuracy at 20 a second: ${title}`,
    note: `${note} Judged by the mock's log; at best the last call arrives at ${idealMs.toLocaleString('en-US')} ms.`,
    columns: ['subject', 'last arrival ms', 'most in a second', 'refused'],
    rows: verdicts.map((verdict, index) => [
      titles[index] ?? '',
      ...(verdict ? [Math.round(verdict.lastMs), verdict.mostInASecond, verdict.refusals] : ['stalls', '', '']),
    ]),
    bars: [
      {
        promise: `\`@kis/ratelimit\`, ${title}: no call is refused`,
        seen: ours === undefined ? 'stalls' : String(ours.refusals),
        isMet: ours?.refusals === 0,
        isExact: true,
      },
    ],
  };
}
