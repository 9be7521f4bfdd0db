import { duration, integer, oneOf } from './check.ts';

/** What can be changed while the fake runs; each app key has its own copy. */
export interface Settings {
  /** Calls of /uapi that are accepted in any 1,000 ms. */
  limit: number;
  latencyMs: number;
  jitterMs: number;
  tailMs: number;
  tokenLatencyMs: number;
  issueIntervalMs: number;
  sameTokenMs: number;
  /** HTTP status of EGW00123. */
  deadTokenStatus: 200 | 500;
}

const READERS: { readonly [K in keyof Settings]: (value: unknown) => Settings[K] } = {
  limit: (value) => integer('limit', value, 1),
  latencyMs: (value) => duration('latencyMs', value),
  jitterMs: (value) => duration('jitterMs', value),
  tailMs: (value) => duration('tailMs', value),
  tokenLatencyMs: (value) => duration('tokenLatencyMs', value),
  issueIntervalMs: (value) => duration('issueIntervalMs', value),
  sameTokenMs: (value) => duration('sameTokenMs', value),
  deadTokenStatus: (value) => oneOf('deadTokenStatus', value, [200, 500]),
};

export const SETTING_NAMES: readonly string[] = Object.keys(READERS);

/** The settings that were given, checked. Throws a RangeError that names the first bad one. */
export function readSettings(given: { readonly [K in keyof Settings]?: unknown }): Partial<Settings> {
  const read = <K extends keyof Settings>(name: K): Partial<Settings> =>
    given[name] === undefined ? {} : ({ [name]: READERS[name](given[name]) } as Partial<Settings>);
  return Object.assign({}, ...(Object.keys(READERS) as (keyof Settings)[]).map((name) => read(name)));
}
