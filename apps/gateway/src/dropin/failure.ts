import { isKisCode, type KisCode, type Why } from './kis-replies.ts';

/** Why KIS said nothing, as KIS itself would have put it: existing clients know no other words. */
export function unanswered(error: unknown, { ofOrder }: { readonly ofOrder: boolean }): [code: KisCode, why: Why] {
  const { code, kisCode, mayHaveArrived, retryAfterMs, waitMs, reason } = error as Failure;
  switch (code) {
    case 'ERR_RATE_LIMIT':
      // It was not sent, which is what EGW00201 says.
      if (reason === 'closed') return ['EGW00202', ENDING];
      return ['EGW00201', { reason: 'the queue of this app key is too long', retryAfterMs: waitMs }];
    case 'ERR_CIRCUIT_OPEN':
      return ['EGW00002', { reason: 'KIS failed several times, so nothing is sent for a while', retryAfterMs }];
    case 'ERR_GATEWAY_ENDS':
      return ['EGW00202', ENDING];
    case 'ERR_KIS_NETWORK':
      if (!mayHaveArrived)
        return ['EGW00202', { reason: 'KIS was not reached, nothing was sent', retryAfterMs: 1_000 }];
      return ofOrder
        ? ['EGW00302', { reason: 'KIS did not answer: look the order up before you send it again' }]
        : ['EGW00202', { reason: 'KIS did not answer' }];
    case 'ERR_TOKEN_ISSUE': {
      const known = kisCode !== undefined && isKisCode(kisCode) ? kisCode : 'EGW00001';
      return [known, { reason: 'KIS gives the gateway no token', retryAfterMs }];
    }
    case 'ERR_TOKEN_STORAGE':
      return ['EGW00001', { reason: 'the token storage fails' }];
    default:
      return ['EGW00002', { reason: 'the call was not done' }];
  }
}

const ENDING: Why = { reason: 'the gateway ends: send it again' };

/** What the errors of the client and of its parts bear. */
interface Failure {
  readonly code?: string;
  readonly kisCode?: string | undefined;
  readonly mayHaveArrived?: boolean;
  readonly retryAfterMs?: number | undefined;
  readonly waitMs?: number;
  readonly reason?: string;
}
