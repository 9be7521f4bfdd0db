import type { TokenRecord } from '@kis/token-core';

/** A record that can be told from others by its number. */
export function record(number: number): TokenRecord {
  return {
    token: { value: `token-${number}`.padEnd(350, '.'), issuedAtMs: number, expiresAtMs: number + 86_400_000 },
    attempts: [{ id: `attempt-${number}`, by: 'host.boot.1.2.3', atMs: number, outcome: 'issued' }],
    dead: [],
  };
}
