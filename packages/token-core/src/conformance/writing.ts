import assert from 'node:assert/strict';
import { type Clause, close, store, written } from './clause.ts';
import { emptyRecord, sampleRecord } from './sample-records.ts';

export const writing: readonly Clause[] = [
  {
    name: 'a write that expects the stored version takes its place, and leaves nothing of what was there',
    async run(bench) {
      let version = await store(bench, sampleRecord(1));
      for (const record of [sampleRecord(2), emptyRecord, sampleRecord(3)]) {
        version = written(await bench.writer.compareAndSet(bench.key, version, record));
        // How an empty record is read is another clause's question.
        assert.deepEqual((await bench.reader.read(bench.key))?.record ?? emptyRecord, record);
      }
    },
  },
  {
    name: 'a write that expects nothing is refused where a record is stored, even an empty one',
    async run(bench) {
      const { writer, reader, key } = bench;
      const version = await store(bench, sampleRecord(1));
      assert.equal(await writer.compareAndSet(key, undefined, sampleRecord(2)), undefined);
      assert.deepEqual((await reader.read(key))?.record, sampleRecord(1));
      const emptied = written(await writer.compareAndSet(key, version, emptyRecord));
      assert.equal(await writer.compareAndSet(key, undefined, sampleRecord(3)), undefined);
      written(await writer.compareAndSet(key, emptied, sampleRecord(4)));
    },
  },
  {
    name: 'a write that expects a version is refused where nothing was ever stored',
    async run(bench) {
      const { writer, reader, key } = bench;
      const version = await store(bench, sampleRecord(1));
      const other = `${key}-other`;
      assert.equal(await writer.compareAndSet(other, version, sampleRecord(2)), undefined);
      written(await writer.compareAndSet(other, undefined, sampleRecord(3)));
      assert.deepEqual((await reader.read(other))?.record, sampleRecord(3));
    },
  },
  {
    name: 'a version that was never given does not fit, and the write changes nothing',
    async run(bench) {
      const version = await store(bench, sampleRecord(1));
      for (const never of ['', '0', 'never', `${version} `, `${version}0`, `0${version}`]) {
        assert.equal(await bench.writer.compareAndSet(bench.key, never, sampleRecord(2)), undefined);
        assert.deepEqual((await bench.reader.read(bench.key))?.record, sampleRecord(1));
      }
    },
  },
  {
    name: 'an old version does not fit, not even for the record that is stored',
    async run(bench) {
      const { writer, reader, key } = bench;
      const first = await store(bench, sampleRecord(1));
      written(await writer.compareAndSet(key, first, sampleRecord(2)));
      assert.equal(await writer.compareAndSet(key, first, sampleRecord(2)), undefined);
      assert.equal(await writer.compareAndSet(key, first, sampleRecord(3)), undefined);
      assert.deepEqual((await reader.read(key))?.record, sampleRecord(2));
    },
  },
  {
    name: 'an old version does not fit again when the same record is stored again',
    async run(bench) {
      const { writer, reader, key } = bench;
      const first = await store(bench, sampleRecord(1));
      const second = written(await writer.compareAndSet(key, first, sampleRecord(2)));
      written(await writer.compareAndSet(key, second, sampleRecord(1)));
      assert.equal(await writer.compareAndSet(key, first, sampleRecord(3)), undefined);
      assert.deepEqual((await reader.read(key))?.record, sampleRecord(1));
    },
  },
  {
    name: 'after a delete nothing is read',
    async run(bench) {
      await store(bench, sampleRecord(1));
      await bench.writer.delete(bench.key);
      assert.equal(await bench.reader.read(bench.key), undefined);
    },
  },
  {
    name: 'after a delete a write that expects nothing succeeds, with a version that was never given before',
    async run(bench) {
      const given: string[] = [];
      for (let number = 1; number <= 3; number += 1) {
        let version = await store(bench, sampleRecord(10 * number));
        given.push(version);
        version = written(await bench.writer.compareAndSet(bench.key, version, sampleRecord(10 * number + 1)));
        given.push(version);
        assert.deepEqual((await bench.reader.read(bench.key))?.record, sampleRecord(10 * number + 1));
        await bench.writer.delete(bench.key);
      }
      assert.equal(new Set(given).size, given.length, `Versions were given twice: ${given.join(', ')}`);
    },
  },
  {
    name: 'a version from before a delete does not fit after it',
    async run(bench) {
      const { writer, key } = bench;
      const first = await store(bench, sampleRecord(1));
      const second = written(await writer.compareAndSet(key, first, sampleRecord(2)));
      await writer.delete(key);
      assert.equal(await writer.compareAndSet(key, first, sampleRecord(3)), undefined);
      assert.equal(await writer.compareAndSet(key, second, sampleRecord(3)), undefined);
    },
  },
  {
    name: 'deleting what is not there, or no longer there, succeeds',
    async run(bench) {
      await bench.writer.delete(bench.key);
      await store(bench, sampleRecord(1));
      await bench.writer.delete(bench.key);
      await bench.writer.delete(bench.key);
    },
  },
  {
    name: 'a storage that can be closed closes',
    async run(bench) {
      await store(bench, sampleRecord(1));
      for (const storage of bench.storages) await close(storage);
    },
  },
];
