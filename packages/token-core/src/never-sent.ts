/** The same codes come from a read or a write, too, on a connection over which the request may have gone out. */
const ofConnect: ReadonlySet<string> = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT']);
const ofLookup: ReadonlySet<string> = new Set(['ENOTFOUND', 'EAI_AGAIN']);

/** Whether it, or what caused it, failed before there was a connection: no byte was sent, and KIS has counted nothing. */
export function wasNeverSent(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(wasNeverSent);
  if (!(error instanceof Error)) return false;
  const { code, syscall, cause } = error as { readonly code?: unknown; readonly syscall?: unknown; cause?: unknown };
  if (typeof code !== 'string') return wasNeverSent(cause);
  if (ofConnect.has(code)) return syscall === 'connect';
  if (ofLookup.has(code)) return syscall === 'getaddrinfo';
  return code === 'UND_ERR_CONNECT_TIMEOUT';
}
