import { inspect } from 'node:util';
import type { KisEnvironment } from '@kis/token-core';
import { UnsupportedError } from './errors.ts';

/** Where a call goes. `{ method: 'GET', path: '/uapi/…', trId: 'FHKST01010100' }` */
export interface KisEndpoint {
  readonly method: 'GET' | 'POST';
  /** Such as `/uapi/domestic-stock/v1/quotations/inquire-price`: no query, which goes into the parameters. */
  readonly path: string;
  /** KIS: `tr_id`. One for both worlds, or one for each; a world without one does not offer the endpoint. */
  readonly trId: string | { readonly real?: string | undefined; readonly virtual?: string | undefined };
}

/**
 * The TR id of an endpoint in one of KIS's worlds.
 *
 * @throws UnsupportedError when it has none there; TypeError naming what is wrong with the endpoint.
 */
export function chooseTrId({ method, path, trId }: KisEndpoint, environment: KisEnvironment): string {
  if (method !== 'GET' && method !== 'POST') {
    throw new TypeError(`client: \`endpoint.method\` must be 'GET' or 'POST', got ${String(method)}`);
  }
  if (typeof path !== 'string' || !/^(?:\/[\w.-]+)+\/?$/.test(path)) {
    throw new TypeError(`client: \`endpoint.path\` must be a plain path such as /uapi/x, got ${inspect(path)}`);
  }
  const chosen = typeof trId === 'string' ? trId : trId[environment];
  if (chosen === undefined) throw new UnsupportedError(`KIS's ${environment} host`, path);
  if (!/^\w+$/.test(chosen)) throw new TypeError(`client: \`endpoint.trId\` must be letters and digits, got ${chosen}`);
  return chosen;
}
