import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';

/** Whether a text is the gateway's key, found out in a time that tells nothing of it. */
export type IsKey = (given: unknown) => boolean;

export function createIsKey(apiKey: string | undefined): IsKey {
  if (apiKey === undefined) return () => false;
  const expected = hash(apiKey);
  return (given) => typeof given === 'string' && timingSafeEqual(hash(given), expected);
}

/**
 * A header of our own; that of HTTP, which is all that some monitors can send (below /uapi it bears a token, never the key);
 * or KIS's `appsecret`, in whose place existing clients can put the key without a change of code.
 */
export function bearsKey({ headers }: FastifyRequest, isKey: IsKey): boolean {
  const [, bearer] = /^Bearer +(.+)$/i.exec(headers.authorization ?? '') ?? [];
  return isKey(headers['x-api-key']) || isKey(bearer) || isKey(headers.appsecret);
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
