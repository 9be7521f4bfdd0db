import { INDEX_LIST } from '../market/index-list.ts';
import { paddedName } from './stock-records.ts';

/** The lines of the file of indices: the first digit of a code once more, the code, the name. */
export function indexRecords(): readonly string[] {
  return INDEX_LIST.map(({ code, name }) => `${code.slice(0, 1)}${code}${paddedName(name)}`);
}
