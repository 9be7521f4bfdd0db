import type { Token } from './ports.ts';

/**
 * Whether a token may still be used at `nowMs`: the one place where that is judged.
 *
 * `expiryBufferMs` (default 300,000): a token with less left counts as expired. It never takes more than a quarter of the
 * token's life, so that a short-lived token is usable at all; 0 asks for the true end.
 */
export function isTokenValid(
  token: Token,
  options: { readonly nowMs: number; readonly expiryBufferMs?: number | undefined },
): boolean {
  return options.nowMs < token.expiresAtMs - share(token, options.expiryBufferMs ?? 300_000, 1 / 4);
}

/** When a token is due to be renewed: `refreshAheadMs` before its end, and never in the first half of its life. */
export function renewalMs(token: Token, refreshAheadMs: number): number {
  return token.expiresAtMs - share(token, refreshAheadMs, 1 / 2);
}

/** The later of two tokens by KIS's own clock; on a tie the first one. */
export function laterToken(first: Token | undefined, second: Token | undefined): Token | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return second.expiresAtMs > first.expiresAtMs ? second : first;
}

function share(token: Token, ms: number, part: number): number {
  return Math.min(ms, Math.max(0, token.expiresAtMs - token.issuedAtMs) * part);
}
