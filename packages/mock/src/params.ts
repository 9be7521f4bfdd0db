import type { Call } from './call.ts';
import type { Params } from './endpoints/endpoint.ts';

/** From the query, or from the body of a POST, whose values must be strings; undefined when it has none that can be read. */
export function readParams({ method, query, fields }: Call): Params | undefined {
  if (method === 'GET') return new Map(Array.from(query, ([name, value]) => [paramName(name), value]));
  const entries = fields && Object.entries(fields);
  return entries && new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** KIS takes FID_* in either case. */
export function paramName(name: string): string {
  return /^fid_/i.test(name) ? name.toUpperCase() : name;
}
