import { isKisCode, type KisAnswer, type KisCode, uapiRefusal } from './kis-replies.ts';

/** Why KIS said nothing to a relayed call, as KIS itself would have put it: existing clients know no other words. */
export function answerFailure(error: unknown): KisAnswer {
  const { code, kisCode, mayHaveArrived, retryAfterMs, waitMs, reason } = error as Failure;
  if (code === 'ERR_RATE_LIMIT' && reason !== 'closed') {
    // It was not sent, which is what EGW00201 says.
    return uapiRefusal('EGW00201', { reason: 'the queue of this app key is too long', retryAfterMs: waitMs });
  }
  if (code === 'ERR_CIRCUIT_OPEN') {
    return uapiRefusal('EGW00002', {
      reason: 'KIS failed several times, so nothing is sent for a while',
      retryAfterMs,
    });
  }
  if (code === 'ERR_KIS_NETWORK') {
    return mayHaveArrived
      ? uapiRefusal('EGW00302', { reason: 'KIS did not answer: look the order up before you send it again' })
      : uapiRefusal('EGW00202', { reason: 'KIS was not reached, nothing was sent' });
  }
  const known: KisCode = kisCode !== undefined && isKisCode(kisCode) ? kisCode : 'EGW00001';
  if (code === 'ERR_TOKEN_ISSUE') return uapiRefusal(known, { reason: 'KIS gives the gateway no token', retryAfterMs });
  if (code === 'ERR_TOKEN_STORAGE') return uapiRefusal('EGW00001', { reason: 'the token storage fails' });
  return uapiRefusal('EGW00002', { reason: 'the call was not done' });
}

/** What the errors of the client and of its parts bear. */
interface Failure {
  readonly code?: string;
  readonly kisCode?: string | undefined;
  readonly mayHaveArrived?: boolean;
  readonly retryAfterMs?: number | undefined;
  readonly waitMs?: number;
  readonly reason?: string;
}
