import type { MarketData } from '@kis/client';

/** Where settings come from: `process.env`, or what stands for it. */
export type Env = Readonly<Record<string, string | undefined>>;

/** A source of market data that can be chosen by its name. */
export interface SourceDefinition {
  /** The variables without which it cannot be opened. Default: none. */
  readonly needs?: readonly string[] | undefined;
  open(env: Env): MarketData | Promise<MarketData>;
}

/** Market data, and which source was chosen for it. */
export interface DataSource extends MarketData {
  /** `'kis'`, `'krx'`, `'mock'`, or the name of one of `sources`. */
  readonly type: string;
  /** Why it was chosen, such as `KIS_APP_KEY is set`. */
  readonly reason: string;
}
