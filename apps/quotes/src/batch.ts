import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchStats, KisClient } from '@kis/client';
import { Presets, SingleBar } from 'cli-progress';
import { number } from './terminal.ts';

/** Prices of the market in one batch, and the same once more, from the cache. False when the batch was stopped. */
export async function showBatch(client: KisClient, refusals: () => number): Promise<boolean> {
  const codes = await listCodes(client);
  console.log(`\n${number(codes.length)} prices in one batch ...`);
  // What the other processes have sent within this second counts, too.
  await sleep(1_100);

  const bar = new SingleBar({ format: '{bar} {value}/{total}', hideCursor: true }, Presets.shades_classic);
  if (process.stdout.isTTY) bar.start(codes.length, 0);
  const first = await client.getCurrentPrices(codes, { onProgress: (completed) => bar.update(completed) });
  bar.stop();
  console.log(`${told(first.stats)} KIS refused ${refusals()} for the rate.`);
  for (const [code, error] of [...first.failed].slice(0, 3)) console.log(`${code}: ${error}`);
  if (first.stoppedBy !== undefined) console.log(`It was stopped: ${first.stoppedBy}`);

  const again = await client.getCurrentPrices(codes);
  console.log(`Once more, from the cache: ${told(again.stats)}`);
  return first.stoppedBy === undefined;
}

/** Shares by KIS's own files. Paper trading takes one call a second for each, so that a dozen has to do. */
async function listCodes(client: KisClient): Promise<string[]> {
  const markets = await Promise.all((['KOSPI', 'KOSDAQ'] as const).map((market) => client.getSymbols({ market })));
  const shares = markets.flat().filter(({ group }) => group === 'ST');
  return shares.slice(0, client.environment === 'real' ? 2_400 : 12).map(({ code }) => code);
}

function told({ succeeded, durationMs, stocksPerSecond, requests, retried }: BatchStats): string {
  const seconds = (durationMs / 1_000).toFixed(2);
  const repeats = retried === 0 ? '' : `, ${retried} of them repeats`;
  return (
    `${number(succeeded)} prices in ${seconds} s, ${number(Math.round(stocksPerSecond))} a second, ` +
    `by ${requests} calls${repeats}.`
  );
}
