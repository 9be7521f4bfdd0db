import type { TokenRecord, TokenStorage } from '@kis/token-core';

/** A record that can be told from others by its number. */
export function record(number: number): TokenRecord {
  return {
    token: { value: `token-${number}`.padEnd(350, '.'), issuedAtMs: number, expiresAtMs: number + 86_400_000 },
    attempts: [{ id: `attempt-${number}`, by: 'host.boot.1.2.3', atMs: number, outcome: 'issued' }],
    dead: [],
  };
}

/** Which record is stored. */
export async function storedNumber(storage: TokenStorage, key: string): Promise<number | undefined> {
  return (await storage.read(key))?.record.token?.issuedAtMs;
}

/** Writes `count` records, each over what is stored, and gives the last version. */
export async function writeOver(storage: TokenStorage, key: string, count: number, from: number): Promise<string> {
  let version = (await storage.read(key))?.version;
  for (let number = from; number < from + count; number += 1) {
    version = await storage.compareAndSet(key, version, record(number));
    if (version === undefined) throw new Error(`Write ${number} was lost`);
  }
  return version ?? '';
}
