/** Names of stocks that KIS has told, whatever it was asked about them: the last 10,000, and up to as many before. */
export interface Names {
  /** Undefined where it is not known. */
  get(stockCode: string): string | undefined;
  remember(stockCode: string, name: string): void;
}

/** Some twice as many as there are in Korea, funds and notes among them. */
const most = 10_000;

export function createNames(): Names {
  // Two that take turns: to drop the oldest of one by one is slow.
  let names = new Map<string, string>();
  let earlier = new Map<string, string>();
  return {
    get: (stockCode) => names.get(stockCode) ?? earlier.get(stockCode),
    remember(stockCode, name) {
      if (names.size === most && !names.has(stockCode)) {
        earlier = names;
        names = new Map();
      }
      names.set(stockCode, name);
    },
  };
}
