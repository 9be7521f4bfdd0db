import { createHash } from 'node:crypto';
import type { Call } from './call.ts';
import { jsonOf } from './check.ts';
import { type Reply, uapiRefusal } from './reply.ts';

export const HASHKEY_PATH = '/uapi/hashkey';

/** KIS: the hash of an order's body, which may be sent with it and which nobody has to. */
export function hashkeyReply({ method, fields }: Call): Reply {
  if (method !== 'POST') return uapiRefusal('OPSQ0002');
  const json = fields && jsonOf(fields);
  if (json === undefined) return uapiRefusal('OPSQ9997');
  const hash = createHash('sha256').update(json).digest('hex');
  return { status: 200, body: `{"BODY":${json},"HASH":"${hash}"}`, kisCode: '' };
}
