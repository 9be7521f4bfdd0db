import { randomBytes } from 'node:crypto';
import type { TokenStorage } from '../ports.ts';
import { type Clause, close } from './clause.ts';
import { concurrency } from './concurrency.ts';
import { reading } from './reading.ts';
import { watching } from './watching.ts';
import { writing } from './writing.ts';

/** The `test` of vitest, node:test, jest or bun. */
export type ConformanceTest = (name: string, run: () => Promise<void>) => unknown;

/**
 * Makes a storage that the suite may fill and will close. Several at once, over one backend, are also tried against
 * each other: what one writes is read through the next.
 */
export type CreateStorage = () =>
  | TokenStorage
  | readonly TokenStorage[]
  | Promise<TokenStorage | readonly TokenStorage[]>;

/** Declares one test per sentence of the contract of `TokenStorage`. Every one calls `create` and uses keys of its own. */
export function tokenStorageConformance(test: ConformanceTest, create: CreateStorage): void {
  for (const clause of [...reading, ...writing, ...concurrency, ...watching]) {
    test(clause.name, () => tryClause(clause, create));
  }
}

async function tryClause(clause: Clause, create: CreateStorage): Promise<void> {
  const created = await create();
  const storages: readonly TokenStorage[] = 'read' in created ? [created] : created;
  const [writer, reader = writer] = storages;
  if (writer === undefined || reader === undefined) throw new TypeError('token-core: `create` gave no storage');
  const key = `conformance-${randomBytes(8).toString('hex')}`;
  try {
    await clause.run({ storages, writer, reader, key });
  } finally {
    // That closing works is a clause of its own.
    await Promise.allSettled(storages.map(close));
  }
}
