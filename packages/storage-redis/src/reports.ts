import type { EventSink, RedisStorageEvent } from './events.ts';
import type { Place } from './names.ts';
import type { Stored } from './stored.ts';

/** Tells of what was found in a hash, once for each content. */
export function createReports(emit: EventSink): (place: Place, stored: Stored) => void {
  const said = new Map<string, string>();
  return ({ key, redisKey }, stored) => {
    const event = eventOf(stored);
    if (event === undefined || said.get(key) === stored.version) return;
    said.set(key, stored.version);
    emit({ ...event, key, redisKey } as RedisStorageEvent);
  };
}

function eventOf({ isDamaged, python }: Stored): object | undefined {
  if (isDamaged) return { type: 'damaged' };
  if (python === undefined) return undefined;
  return 'token' in python
    ? { type: 'imported', expiresAtMs: python.token.expiresAtMs }
    : { type: 'import-refused', reason: python.refused };
}
