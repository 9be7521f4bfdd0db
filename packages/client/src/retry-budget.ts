/** What repeats may add to the load of a service that fails: ten at first, and then one for every ten calls that succeed. */
export interface RetryBudget {
  /** For each success. */
  earn(): void;
  /** For each repeat: whether there is one left. */
  spend(): boolean;
}

const most = 10;
/** In tenths, which add up. */
const perRepeat = 10;

export function createRetryBudget(): RetryBudget {
  let tenths = most * perRepeat;
  return {
    earn() {
      tenths = Math.min(tenths + 1, most * perRepeat);
    },
    spend() {
      if (tenths < perRepeat) return false;
      tenths -= perRepeat;
      return true;
    },
  };
}
