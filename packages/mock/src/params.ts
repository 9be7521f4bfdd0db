import type { Call } from './call.ts';
import type { Params } from './endpoints/endpoint.ts';

/** From the query, or from the body of a POST, whose values must be strings; undefined when it has none that can be read. */
export function readParams({ method, query, fields }: Call): Params | undefined {
  if (method === 'GET') return new Map(Array.from(query, ([name, value]) => [paramName(name), value]));
  const entries = fields && Object.entries(fields);
  return entries && new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** The first value of a POST that is no string, by its name and kind: `ORD_QTY (number)`. */
export function strayValue({ method, fields }: Call): string | undefined {
  const stray = method === 'POST' && Object.entries(fields ?? {}).find(([, value]) => typeof value !== 'string');
  return stray ? `${stray[0]} (${stray[1] === null ? 'null' : typeof stray[1]})` : undefined;
}

/** KIS takes FID_* in either case. */
export function paramName(name: string): string {
  return /^fid_/i.test(name) ? name.toUpperCase() : name;
}
