import { type Reply, uapiReply } from '../../reply.ts';
import type { Fields, Outputs } from '../outputs.ts';
import type { AccountQuestion } from './account-endpoint.ts';

const KEY_LENGTH = 100;

/** A row with what tells where it stands in the whole list. */
interface Row {
  readonly key: string;
  /** Asked for of the page's rows alone. */
  fields(): Fields;
}

interface List {
  readonly rows: readonly Row[];
  /** Whether the greatest key comes first. */
  readonly isReverse: boolean;
  /** Of a page. */
  readonly maxRows: number;
  /** The parameters that the pages of one list share. */
  readonly conditions: readonly string[];
}

/** One page of a list, between its keys and the blocks that stand beside it; the next one is asked for by `tr_cont` and these keys. */
export function pageReply(question: AccountQuestion, list: List, beside: Outputs): Reply {
  const { isNextPage, param } = question;
  const { isReverse, maxRows, conditions } = list;
  const lastSeen = isNextPage ? param('CTX_AREA_NK100').trim() : '';
  // By order and not by place: the row that was last may have gone since.
  const rows = list.rows.filter(({ key }) => lastSeen === '' || (isReverse ? key < lastSeen : key > lastSeen));
  const page = rows.slice(0, maxRows);
  const hasMore = rows.length > maxRows;
  const outputs = {
    ctx_area_fk100: padded(conditions.map((name) => param(name).trim()).join('^')),
    ctx_area_nk100: padded(hasMore ? (page.at(-1)?.key ?? '') : ''),
    output1: page.map((row) => row.fields()),
    ...beside,
  };
  const kisCode = hasMore ? 'KIOK0500' : page.length > 0 ? 'KIOK0510' : 'KIOK0560';
  const trCont = hasMore ? (isNextPage ? 'M' : 'F') : isNextPage ? 'E' : 'D';
  return uapiReply(outputs, { kisCode, trCont });
}

function padded(text: string): string {
  return text.slice(0, KEY_LENGTH).padEnd(KEY_LENGTH);
}
