import type { TokenRecord } from '@kis/token-core';
import type { Place } from './names.ts';
import type { Stored } from './stored.ts';

/** What was last stored under each key, as far as this process knows: an emptied Redis is given it again. */
export interface LastSeen {
  note(place: Place, stored: Pick<Stored, 'version' | 'record'>): void;
  /** Undefined: nothing, or what Redis itself would have forgotten by now. */
  find(place: Place): TokenRecord | undefined;
  close(): void;
}

/** `attend`: calls back when a key may have changed, until the returned function is called. */
export function createLastSeen(
  attend: (place: Place) => () => void,
  keptMs: (record: TokenRecord) => number,
): LastSeen {
  const seen = new Map<string, { readonly record: TokenRecord | undefined; readonly untilMs: number }>();
  const leave = new Map<string, () => void>();
  return {
    note(place, { version, record }) {
      // That it is gone is no news of what it was.
      if (version === '') return;
      seen.set(place.key, { record, untilMs: record === undefined ? 0 : keptMs(record) });
      if (!leave.has(place.key)) leave.set(place.key, attend(place));
    },
    find({ key }) {
      const found = seen.get(key);
      return found !== undefined && Date.now() < found.untilMs ? found.record : undefined;
    },
    close() {
      for (const each of leave.values()) each();
    },
  };
}
