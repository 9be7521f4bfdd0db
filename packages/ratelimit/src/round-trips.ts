/** The smallest round trip seen, and how much of it a slot is given back early. */
export interface RoundTrips {
  see(ms: number): void;
  /** 0 until enough replies are known; never grows after that. */
  readonly creditMs: number;
}

/** Fewer show too little of how short a round trip may be. */
const enough = 20;

/**
 * Between the arrivals of two calls, of which the second left when the reply to the first was there, lies a whole round trip at
 * the least. So a slot may be used again that much before the window has passed since the reply. The smallest one that was
 * seen is a little longer than the smallest that can be: hence a `share` of it.
 */
export function createRoundTrips(share: number): RoundTrips {
  let smallestMs = Infinity;
  let seen = 0;
  let creditMs = 0;
  return {
    see(ms) {
      if (ms < smallestMs) smallestMs = ms;
      else if (seen >= enough) return;
      seen += 1;
      if (seen >= enough) creditMs = share * smallestMs;
    },
    get creditMs() {
      return creditMs;
    },
  };
}
