import { type BuiltInOptions, createBuiltIn } from './built-in.ts';
import { chooseSource, findSource } from './choose.ts';
import type { DataSource, Env, SourceDefinition } from './ports.ts';

export interface DataSourceOptions extends BuiltInOptions {
  /**
   * `'kis'`, `'krx'`, `'mock'`, or the name of one of `sources`. Default: what `DATA_SOURCE_TYPE` says; without it KIS when a
   * key of KIS is there, the Korea Exchange when `KRX_API_KEY` is, and else the mock.
   */
  readonly type?: string | undefined;
  /** More sources, by name; one with the name of another that is there takes its place. */
  readonly sources?: Readonly<Record<string, SourceDefinition>> | undefined;
  /** Default: `process.env`. */
  readonly env?: Env | undefined;
}

/**
 * Opens the source of market data that is chosen, and says which it is and why. Closing it closes what was opened.
 *
 * Rejects with a TypeError that names a source that does not exist or a variable that lacks, with an Error that says what to
 * install when the source's package is not there, and with what the source's own `open` rejects with.
 */
export async function createDataSource(options: DataSourceOptions = {}): Promise<DataSource> {
  const { type, sources, env = process.env, ...builtIn } = options;
  const choice = chooseSource(type, env);
  const definition = findSource(choice, { ...createBuiltIn(builtIn), ...sources }, env);
  const opened = await definition.open(env);
  const close = () => opened.close();
  return {
    ...choice,
    source: opened.source,
    getCurrentPrice: (code, options) => opened.getCurrentPrice(code, options),
    getOrderBook: (code, options) => opened.getOrderBook(code, options),
    getChart: (code, options) => opened.getChart(code, options),
    getStockInfo: (code, options) => opened.getStockInfo(code, options),
    close,
    [Symbol.asyncDispose]: close,
  };
}
