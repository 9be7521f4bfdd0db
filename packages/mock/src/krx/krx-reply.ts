import type { Call } from '../call.ts';
import { KRX_PATH } from '../hosts.ts';
import { dayOf, koreanTime } from '../market/calendar.ts';
import { KRX } from '../market/krx.ts';
import type { Reply } from '../reply.ts';
import type { KrxAccess } from './krx-keys.ts';
import type { KrxServices } from './krx-services.ts';

/** The day after a session, at this time, its figures are there. */
const PUBLISHED_MS = 8 * 3_600_000;

/** The answer to whoever asks the Korea Exchange about a day: all issues of a market, or none where there was no session yet. */
export function createKrxReply(options: {
  readonly services: KrxServices;
  readonly access: KrxAccess;
}): (call: Call, nowMs: number) => Reply {
  const { services, access } = options;
  return ({ method, path, query, headers }, nowMs) => {
    const name = path.slice(KRX_PATH.length);
    const rowsOf = services.get(name);
    if (method !== 'GET' || !rowsOf) return { status: 404, body: '', kisCode: '' };
    if (!access(headers.get('auth_key') ?? '', name)) {
      return jsonReply(401, { respMsg: 'Unauthorized Key', respCode: '401' });
    }
    const day = dayOf(query.get('basDd') ?? '');
    const isThere = day !== undefined && KRX.isSession(day) && day <= lastPublishedDay(nowMs);
    return jsonReply(200, { OutBlock_1: isThere ? rowsOf(day) : [] });
  };
}

function lastPublishedDay(nowMs: number): number {
  return koreanTime(nowMs - PUBLISHED_MS).day - 1;
}

function jsonReply(status: number, body: object): Reply {
  return { status, body: JSON.stringify(body), kisCode: '' };
}
