import { describe, expect, test } from 'vitest';
import { type ConformanceTest, type CreateStorage, tokenStorageConformance } from '../src/conformance.ts';
import { createMemoryStorage } from '../src/memory-storage.ts';
import type { TokenRecord, TokenStorage } from '../src/ports.ts';
import { faults } from './faulty-storages.ts';

/** The names of the clauses that a storage breaks. */
async function brokenClauses(create: CreateStorage): Promise<string[]> {
  const broken: Promise<string[]>[] = [];
  const collect: ConformanceTest = (name, run) =>
    broken.push(
      run().then(
        () => [],
        () => [name],
      ),
    );
  tokenStorageConformance(collect, create);
  return (await Promise.all(broken)).flat();
}

function clauseNames(): string[] {
  const names: string[] = [];
  tokenStorageConformance((name) => names.push(name), createMemoryStorage);
  return names;
}

describe('the suite', () => {
  test.concurrent.each(faults.map((fault) => [fault.name, fault] as const))(
    'finds a storage that %s',
    async (_name, fault) => {
      expect(await brokenClauses(fault.create)).toEqual([fault.clause]);
    },
  );

  test('is proved by at least one planted fault for every clause', () => {
    const proven = new Set(faults.map(({ clause }) => clause));
    expect(clauseNames().filter((name) => !proven.has(name))).toEqual([]);
  });

  test('has no two clauses of one name', () => {
    expect(new Set(clauseNames()).size).toBe(clauseNames().length);
  });

  test('takes a storage without watch and without close', async () => {
    const create = (): TokenStorage => {
      const { read, compareAndSet, delete: remove } = createMemoryStorage();
      return { read, compareAndSet, delete: remove };
    };
    expect(await brokenClauses(create)).toEqual([]);
  });

  test('takes a storage that comes by a promise, and one whose records cannot be changed', async () => {
    const create = async (): Promise<TokenStorage> => {
      const storage = createMemoryStorage();
      return {
        ...storage,
        async read(key) {
          const found = await storage.read(key);
          Object.freeze(found?.record.dead);
          return found;
        },
      };
    };
    expect(await brokenClauses(create)).toEqual([]);
  });

  test('reads through the second of two storages what the first one wrote', async () => {
    const createPair = (): TokenStorage[] => {
      const shared = createMemoryStorage();
      const seen = new Map<string, { record: TokenRecord; version: string } | undefined>();
      const withCache: TokenStorage = {
        ...shared,
        async read(key) {
          if (!seen.has(key)) seen.set(key, await shared.read(key));
          return structuredClone(seen.get(key));
        },
      };
      return [shared, withCache];
    };
    expect(await brokenClauses(createPair)).toContain(
      'a write that expects the stored version takes its place, and leaves nothing of what was there',
    );
    expect(await brokenClauses(() => [createMemoryStorage(), createMemoryStorage()])).not.toEqual([]);
    expect(
      await brokenClauses(() => {
        const shared = createMemoryStorage();
        return [shared, shared];
      }),
    ).toEqual([]);
  });

  test('says so when no storage was given', async () => {
    expect(await brokenClauses(() => [])).toEqual(clauseNames());
  });
});
