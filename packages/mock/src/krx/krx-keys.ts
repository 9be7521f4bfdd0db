import { fields, isWellFormedKey, text } from '../check.ts';

/** A key of the Korea Exchange's own API. */
export interface KrxKey {
  readonly apiKey: string;
  /** What it has applied for, such as `sto/stk_bydd_trd`. Default: all. */
  readonly services?: readonly string[] | undefined;
}

/** Whether a key may have a service. */
export type KrxAccess = (apiKey: string, service: string) => boolean;

/** Without keys that were given any well-formed one may have everything. Throws a TypeError that names the option, never a key. */
export function createKrxAccess(given: readonly KrxKey[] | undefined): KrxAccess {
  if (given === undefined) return (apiKey) => isWellFormedKey(apiKey);
  if (!Array.isArray(given)) throw new TypeError('mock: `krxKeys` must be an array');
  const keys = new Map<string, readonly string[] | undefined>(given.map(readKey));
  return (apiKey, service) => keys.has(apiKey) && (keys.get(apiKey)?.includes(service) ?? true);
}

function readKey(one: unknown, index: number): readonly [apiKey: string, services: readonly string[] | undefined] {
  const name = `krxKeys[${index}]`;
  const { apiKey, services } = fields(name, one, ['apiKey', 'services'], 'secret');
  if (!isWellFormedKey(apiKey)) throw new TypeError(`mock: \`${name}.apiKey\` must be a string without blanks`);
  if (services === undefined) return [apiKey, undefined];
  if (!Array.isArray(services)) throw new TypeError(`mock: \`${name}.services\` must be an array`);
  return [apiKey, services.map((service) => text(`${name}.services`, service))];
}
