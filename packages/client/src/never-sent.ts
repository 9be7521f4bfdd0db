/** The same codes come from a read or a write, too, on a connection over which the call may have gone out. */
const ofConnect: ReadonlySet<string> = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT']);
const ofLookup: ReadonlySet<string> = new Set(['ENOTFOUND', 'EAI_AGAIN']);

/** Whether it failed before there was a connection, so that no byte of the call was sent. */
export function wasNeverSent(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(wasNeverSent);
  const { code, syscall } = Object(error) as { readonly code?: unknown; readonly syscall?: unknown };
  if (typeof code !== 'string') return false;
  if (ofConnect.has(code)) return syscall === 'connect';
  if (ofLookup.has(code)) return syscall === 'getaddrinfo';
  return code === 'UND_ERR_CONNECT_TIMEOUT';
}
