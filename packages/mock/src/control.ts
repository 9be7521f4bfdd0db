import { fields, oneOf, text } from './check.ts';
import { type FailNext, type FaultOrder, readFailNext } from './faults.ts';
import { readSettings, SETTING_NAMES, type Settings } from './settings.ts';

/** What to change in a running fake. */
export interface MockControl {
  /** Only this app key; without it all keys, those to come too. */
  readonly appKey?: string | undefined;
  /** Calls of /uapi that are accepted in any 1,000 ms. */
  readonly limit?: number | undefined;
  readonly latencyMs?: number | undefined;
  readonly jitterMs?: number | undefined;
  readonly tailMs?: number | undefined;
  readonly tokenLatencyMs?: number | undefined;
  readonly issueIntervalMs?: number | undefined;
  readonly sameTokenMs?: number | undefined;
  /**
   * All tokens made so far are refused from now on (EGW00123). `'fresh'`: the next issue that the interval allows makes a new one.
   * `'dead-end'`: KIS goes on giving the same dead one, for six hours after its issue.
   */
  readonly killToken?: 'fresh' | 'dead-end' | undefined;
  /** HTTP status of EGW00123. Default: 500. */
  readonly deadTokenStatus?: 200 | 500 | undefined;
  readonly failNext?: FailNext | undefined;
  /** Counters and entries start again; with `appKey` only the log of that key. */
  readonly clearLog?: true | undefined;
}

/** A control that was read. */
export interface Orders {
  readonly appKey: string | undefined;
  readonly settings: Partial<Settings>;
  readonly killToken: MockControl['killToken'];
  readonly failNext: FaultOrder | undefined;
  readonly clearLog: boolean;
}

/** Reads all before anything is done. Throws a TypeError or RangeError that names the bad field. */
export function readControl(given: unknown): Orders {
  const { appKey, killToken, failNext, clearLog, ...settings } = fields('control', given, [
    'appKey',
    'killToken',
    'failNext',
    'clearLog',
    ...SETTING_NAMES,
  ]);
  return {
    appKey: appKey === undefined ? appKey : text('appKey', appKey),
    settings: readSettings(settings),
    killToken: killToken === undefined ? killToken : oneOf('killToken', killToken, ['fresh', 'dead-end']),
    failNext: failNext === undefined ? failNext : readFailNext(failNext),
    clearLog: clearLog !== undefined && oneOf('clearLog', clearLog, [true]),
  };
}
