import { KisApiError } from '../errors.ts';
import { isTokenRefusal } from '../refusals.ts';

/** Of keys, hosts and rights: KIS says the same whatever the stock. */
const kisCodes: ReadonlySet<string> = new Set([
  ...['EGW00102', 'EGW00103', 'EGW00104', 'EGW00105', 'EGW00205', 'EGW00206', 'EGW00207', 'EGW00208', 'EGW00303'],
  'EGW00304',
]);

const codes: ReadonlySet<unknown> = new Set([
  'ERR_TOKEN_ISSUE',
  'ERR_TOKEN_STORAGE',
  'ERR_CIRCUIT_OPEN',
  'ERR_UNSUPPORTED',
]);

/** Whether every further code would meet the same error; what may pass has been waited for by then. */
export function isHopeless(error: unknown): boolean {
  if (isTokenRefusal(error)) return true;
  if (error instanceof KisApiError) return kisCodes.has(error.kisCode);
  const { code, reason } = Object(error) as { readonly code?: unknown; readonly reason?: unknown };
  return codes.has(code) || (code === 'ERR_RATE_LIMIT' && reason === 'closed');
}
