import { KisResponseError } from './errors.ts';
import { type Fields, readFields, valueNamed } from './fields.ts';
import type { KisReply } from './transport.ts';

/**
 * An object of a reply, such as its `output`; `[]` is one with nothing in it, and an array around an object is the object.
 * `missing`: what it is taken for where the reply lacks it.
 *
 * @throws KisResponseError when it is no object.
 */
export function readBlock(reply: KisReply, name: string, missing?: object): Fields {
  const block = valueNamed(reply.body, name) ?? missing;
  return readFields(reply, Array.isArray(block) ? (block[0] ?? {}) : block, name);
}

/**
 * The rows of a reply that have a value under `key`: KIS fills up with empty ones. `{}` is no row, an object the only one.
 *
 * @throws KisResponseError when they are no array of objects.
 */
export function readRows(reply: KisReply, name: string, key: string): Fields[] {
  const rows = valueNamed(reply.body, name) ?? [];
  if (typeof rows !== 'object') {
    throw new KisResponseError({ expected: 'an array', where: name, status: reply.status });
  }
  return [rows]
    .flat()
    .map((row, index) => readFields(reply, row, `${name}[${index}]`))
    .filter((fields) => fields.optionalText(key) !== undefined);
}
