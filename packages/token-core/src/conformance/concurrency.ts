import assert from 'node:assert/strict';
import type { TokenRecord } from '../ports.ts';
import { type Bench, type Clause, store, written } from './clause.ts';
import { sampleRecord } from './sample-records.ts';

const ROUNDS = 5;
const WRITERS = 10;
const WRITES = 20;
const READERS = 5;

export const concurrency: readonly Clause[] = [
  {
    name: 'of writes at one moment that expect nothing exactly one succeeds, and is what is stored',
    async run(bench) {
      for (let round = 0; round < ROUNDS; round += 1) {
        const key = `${bench.key}-${round}`;
        await assertOneWinner({ ...bench, key }, undefined, round);
        // A storage may go another way where there has been something.
        await bench.writer.delete(key);
        await assertOneWinner({ ...bench, key }, undefined, ROUNDS + round);
      }
    },
  },
  {
    name: 'of writes at one moment that expect one version exactly one succeeds, and is what is stored',
    async run(bench) {
      let version = await store(bench, sampleRecord(0));
      for (let round = 1; round <= ROUNDS; round += 1) version = await assertOneWinner(bench, version, round);
    },
  },
  {
    name: 'while writes go on, a read gives the last write that had resolved or a later one, whole',
    async run(bench) {
      const { writer, reader, key } = bench;
      let version = await store(bench, sampleRecord(0));
      let resolved = 0;
      const readAlong = async (): Promise<void> => {
        while (resolved < WRITES) {
          const atLeast = resolved;
          const record = (await reader.read(key))?.record;
          const number = record?.token?.issuedAtMs ?? -1;
          assert.ok(number >= atLeast, `Write ${atLeast} had resolved, and a later read gave write ${number}`);
          assert.deepEqual(record, sampleRecord(number));
          // Readers of a storage that answers at once are not to keep the writer from its turn.
          await new Promise((resolve) => setImmediate(resolve));
        }
      };
      const write = async (): Promise<void> => {
        try {
          for (let number = 1; number <= WRITES; number += 1) {
            version = written(await writer.compareAndSet(key, version, sampleRecord(number)));
            resolved = number;
          }
        } finally {
          resolved = WRITES;
        }
      };
      await Promise.all([write(), ...Array.from({ length: READERS }, readAlong)]);
    },
  },
];

/** The version of the one that won. */
async function assertOneWinner(bench: Bench, expected: string | undefined, round: number): Promise<string> {
  const records = Array.from({ length: WRITERS }, (_, index): TokenRecord => sampleRecord(round * 100 + index));
  const versions = await Promise.all(
    records.map((record, index) => {
      const storage = bench.storages[index % bench.storages.length] ?? bench.writer;
      return storage.compareAndSet(bench.key, expected, record);
    }),
  );
  const winners = versions.flatMap((version, index) => (version === undefined ? [] : [{ version, index }]));
  assert.equal(winners.length, 1, `${winners.length} of ${WRITERS} writes succeeded for one expected version`);
  const [winner] = winners;
  assert.deepEqual((await bench.reader.read(bench.key))?.record, records[winner?.index ?? -1]);
  return written(winner?.version);
}
