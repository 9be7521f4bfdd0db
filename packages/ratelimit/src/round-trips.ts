/** The smallest round trip seen, and how much of it a slot is given back early. */
export interface RoundTrips {
  see(ms: number): void;
  /** 0 until enough replies are known; never grows after that. */
  readonly creditMs: number;
}

/** Fewer show too little of how short a round trip may be. */
const fewest = 20;

/** What this process, and not the way, may add to every round trip that it sees. */
const ownMs = 6;

/** With a window or more of credit a slot would be free before its task has ended. */
const mostOfAWindow = 0.9;

/**
 * Between the arrivals of two calls, of which the second left when the reply to the first was there, lies a whole round trip at
 * the least. So a slot may be used again that much before the window has passed since the reply. The smallest one that was
 * seen is a little longer than the smallest that can be: hence a `share` of it, less what may be our own. The calls of a
 * first window may all have paid for new connections, so those of a second one are waited for.
 */
export function createRoundTrips(share: number, limit: number, windowMs: number): RoundTrips {
  const mostMs = mostOfAWindow * windowMs;
  const enough = Math.max(fewest, 2 * limit);
  let smallestMs = Infinity;
  let seen = 0;
  let creditMs = 0;
  return {
    see(ms) {
      if (ms < smallestMs) smallestMs = ms;
      else if (seen >= enough) return;
      seen += 1;
      if (seen >= enough) creditMs = Math.min(mostMs, Math.max(0, share * smallestMs - ownMs));
    },
    get creditMs() {
      return creditMs;
    },
  };
}
