import { HASHKEY_PATH } from '../accounts/relay.ts';

/** A call of an existing client, by KIS's own marks. */
export interface UapiCall {
  readonly method: string;
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** KIS: `tr_id`; `''` where there is none, or one that cannot be. */
  readonly trId: string;
}

/**
 * Whether a call changes something at KIS, so that it passes once and needs the gateway's key: whatever has a `tr_id` that
 * ends in `U`, as KIS's orders have and none of its reads, and all else that is no GET. A hash is none, whatever it is for.
 */
export function isOrder({ method, path, trId }: UapiCall): boolean {
  return path !== HASHKEY_PATH && (method !== 'GET' || /U$/i.test(trId));
}
