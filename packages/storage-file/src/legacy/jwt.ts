/** What KIS writes into its tokens, as far as it is there. */
export interface JwtClaims {
  /** The app key. KIS: `jti`. */
  readonly appKey?: string | undefined;
  /** Epoch milliseconds. KIS: `iat`. */
  readonly issuedAtMs?: number | undefined;
  /** Epoch milliseconds. KIS: `exp`. */
  readonly expiresAtMs?: number | undefined;
}

/** Reads without checking the signature, whose key is KIS's alone. A token that is no JWT claims nothing. */
export function readJwt(token: string): JwtClaims {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const { jti, iat, exp } = payload as { readonly jti?: unknown; readonly iat?: unknown; readonly exp?: unknown };
    return {
      appKey: typeof jti === 'string' ? jti : undefined,
      issuedAtMs: epochMs(iat),
      expiresAtMs: epochMs(exp),
    };
  } catch {
    return {};
  }
}

/** Of epoch seconds. Undefined for what is no instant. */
export function epochMs(seconds: unknown): number | undefined {
  const ms = typeof seconds === 'number' && seconds > 0 ? seconds * 1_000 : Number.NaN;
  return Number.isNaN(new Date(ms).getTime()) ? undefined : ms;
}
