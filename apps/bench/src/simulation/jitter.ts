import { meanJitter } from '../../../../packages/ratelimit/test/simulation/jitter.ts';
import type { Table } from '../table.ts';

const seeds = 300;
const networks = [
  { name: '0-30 ms', jitterMs: 30, tailMs: 0 },
  { name: '0-30, 2 % to 150', jitterMs: 30, tailMs: 150 },
  { name: '0-100 ms', jitterMs: 100, tailMs: 0 },
  { name: '0-100, 2 % to 500', jitterMs: 100, tailMs: 500 },
] as const;

/** What jitter does to 400 calls queued at once, by how much of the round trip is given back. */
export async function simulateJitter(): Promise<Table> {
  const credits = [0, 0.8, 0.9, 1];
  const seen = new Map<string, { readonly refused: number; readonly ratePerSecond: number }>();
  for (const credit of credits) {
    for (const network of networks) {
      seen.set(`${credit} ${network.name}`, await meanJitter(seeds, network, { roundTripCredit: credit }));
    }
  }
  const of = (credit: number, name: string) =>
    seen.get(`${credit} ${name}`) ?? { refused: Number.NaN, ratePerSecond: Number.NaN };
  const calm = of(0.9, '0-30 ms');
  const rough = of(0.9, '0-100, 2 % to 500');
  const show = ({ ratePerSecond, refused }: typeof calm) => `${ratePerSecond.toFixed(2)}, ${refused.toFixed(3)}`;
  return {
    title: 'Jitter, in virtual time',
    note:
      `400 calls queued at once, 20 a second, 20 ms each way and the jitter, 5-10 ms of service, replies known when they arrive; means over ${seeds} seeds. ` +
      'Calls a second after the first 20, and how many of 400 a service that counts arrivals refused. The rows differ in `roundTripCredit`; 0.9 is the default.',
    columns: ['a slot is free at', ...networks.map(({ name }) => name)],
    rows: credits.map((credit) => [
      credit === 0 ? 'reply + 1,000 ms' : `reply + 1,000 ms - (${credit} x the smallest round trip - 6 ms)`,
      ...networks.map(({ name }) => show(of(credit, name))),
    ]),
    bars: [
      {
        promise: '0-30 ms: 0 refusals at 19.0 a second or more',
        seen: show(calm),
        isMet: calm.refused === 0 && calm.ratePerSecond >= 19,
        isExact: true,
      },
      {
        promise: '0-100 ms, 2 % to 500: at most 0.05 of 400 refused at 17.4 a second or more',
        seen: show(rough),
        isMet: rough.refused <= 0.05 && rough.ratePerSecond >= 17.4,
        isExact: true,
      },
    ],
  };
}
