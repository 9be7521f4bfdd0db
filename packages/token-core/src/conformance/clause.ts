import type { TokenRecord, TokenStorage } from '../ports.ts';

/** One sentence of the contract, and how it is tried. */
export interface Clause {
  readonly name: string;
  run(bench: Bench): Promise<void>;
}

/** What a clause works with: an empty backend of its own. */
export interface Bench {
  /** All storages over the backend; one is enough. */
  readonly storages: readonly TokenStorage[];
  /** Clauses write here… */
  readonly writer: TokenStorage;
  /** …and read here, which is another storage where there is one. */
  readonly reader: TokenStorage;
  readonly key: string;
}

/** Writes a record where nothing is stored. */
export async function store({ writer, key }: Bench, record: TokenRecord): Promise<string> {
  return written(await writer.compareAndSet(key, undefined, record));
}

/** The version of a write that has to succeed. */
export function written(version: string | undefined): string {
  if (version === undefined) throw new Error('The write was refused although the stored version was the expected one');
  return version;
}

export async function close(storage: TokenStorage): Promise<void> {
  await storage.close?.();
}
