import type { KisClientEvent } from '@kis/client';
import type { Share } from '../live/events.ts';

/** Whether a budget that is shared can be reached, by what the account's limiter tells. */
export interface Sharing {
  note(event: KisClientEvent): void;
  /** By what the account goes as long as it cannot. */
  readonly share: Share | undefined;
}

export function createSharing(): Sharing {
  let share: Share | undefined;
  return {
    get share() {
      return share;
    },
    note(event) {
      // The limiter of a single TR is shared with nobody.
      if (event.type !== 'rate-limit' || event.trId !== undefined) return;
      const { event: about } = event;
      if (about.type === 'restored') share = undefined;
      if (about.type === 'degraded') share = { limit: about.limit, windowMs: about.windowMs, peers: about.peers };
    },
  };
}
