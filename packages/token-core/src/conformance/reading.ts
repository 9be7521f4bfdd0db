import assert from 'node:assert/strict';
import type { TokenRecord } from '../ports.ts';
import { type Clause, store, written } from './clause.ts';
import { emptyRecord, fullRecord, sampleRecord } from './sample-records.ts';

export const reading: readonly Clause[] = [
  {
    name: 'nothing is read under a key that was never written',
    async run({ reader, key }) {
      assert.equal(await reader.read(key), undefined);
    },
  },
  {
    name: 'what was written is read back, with the version that the write resolved to',
    async run(bench) {
      const version = await store(bench, sampleRecord(1));
      assert.deepEqual(await bench.reader.read(bench.key), { record: sampleRecord(1), version });
    },
  },
  {
    name: 'a record is stored whole: every optional field, 20 attempts, 5 dead tokens',
    async run(bench) {
      await store(bench, fullRecord());
      assert.deepEqual((await bench.reader.read(bench.key))?.record, fullRecord());
    },
  },
  {
    name: 'a record without a token, without attempts and without dead tokens is a record',
    async run(bench) {
      await store(bench, emptyRecord);
      assert.deepEqual((await bench.reader.read(bench.key))?.record, emptyRecord);
    },
  },
  {
    name: 'text comes back as it was, whatever characters it has',
    async run(bench) {
      const text = '{"quoted"} \'single\' \\ \n\t\u2028 한국투자증권 𝕂 %s $1 ;--';
      const record: TokenRecord = {
        attempts: [{ id: text, by: text, atMs: 1, outcome: 'refused', kisCode: text }],
        dead: [],
      };
      await store(bench, record);
      assert.deepEqual((await bench.reader.read(bench.key))?.record, record);
    },
  },
  {
    name: 'what the caller does to a record after writing it does not change what is stored',
    async run(bench) {
      const record = structuredClone(sampleRecord(1)) as Mutable<TokenRecord>;
      await store(bench, record);
      record.dead.push('changed');
      assert.deepEqual((await bench.reader.read(bench.key))?.record, sampleRecord(1));
    },
  },
  {
    name: 'a write leaves the record that it is given as it was',
    async run(bench) {
      const record = fullRecord();
      const version = await store(bench, record);
      written(await bench.writer.compareAndSet(bench.key, version, record));
      assert.deepEqual(record, fullRecord());
    },
  },
  {
    name: 'what a reader does to a record does not change what the next one reads',
    async run(bench) {
      await store(bench, sampleRecord(1));
      const first = (await bench.reader.read(bench.key))?.record as Mutable<TokenRecord> | undefined;
      try {
        first?.dead.push('changed');
      } catch (error) {
        // A record that cannot be changed is as good as a copy.
        assert.ok(error instanceof TypeError);
      }
      assert.deepEqual((await bench.reader.read(bench.key))?.record, sampleRecord(1));
    },
  },
  {
    name: 'keys are kept apart, also where one begins with the other',
    async run({ writer, reader, key }) {
      const longer = `${key}-1`;
      written(await writer.compareAndSet(key, undefined, sampleRecord(1)));
      written(await writer.compareAndSet(longer, undefined, sampleRecord(2)));
      assert.deepEqual((await reader.read(key))?.record, sampleRecord(1));
      await writer.delete(key);
      assert.deepEqual((await reader.read(longer))?.record, sampleRecord(2));
    },
  },
  {
    name: 'a key may have 120 characters, and each of them counts',
    async run({ writer, reader, key }) {
      const [one, two] = [`${key.padEnd(119, 'k')}1`, `${key.padEnd(119, 'k')}2`];
      written(await writer.compareAndSet(one, undefined, sampleRecord(1)));
      written(await writer.compareAndSet(two, undefined, sampleRecord(2)));
      assert.deepEqual((await reader.read(one))?.record, sampleRecord(1));
      assert.deepEqual((await reader.read(two))?.record, sampleRecord(2));
    },
  },
];

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] extends readonly (infer Item)[] ? Item[] : T[Name] };
