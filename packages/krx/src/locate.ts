import type { Days, Sheet } from './days.ts';
import { KrxError } from './errors.ts';
import type { Row } from './row.ts';
import { type Board, boards } from './services.ts';

/** Where an issue stands. */
export interface Place {
  readonly board: Board;
  readonly sheet: Sheet;
  readonly row: Row;
}

/** Finds an issue among the newest rows of all boards, `of` trades or of what is traded. Rejects with KrxError `unknown-stock`. */
export type Locate = (code: string, of: 'daily' | 'info') => Promise<Place>;

export function createLocate(days: Days): Locate {
  // As many as there are issues: only those that were found stand in it.
  const found = new Map<string, Board>();

  return async (code, of) => {
    const known = found.get(code);
    const inOrder = known === undefined ? boards : [known, ...boards.filter((board) => board !== known)];
    let refusal: KrxError | undefined;
    for (const board of inOrder) {
      try {
        const sheet = await days.latest((of === 'info' ? board.info : undefined) ?? board.daily);
        const row = sheet.rows.get(code);
        if (row === undefined) continue;
        found.set(code, board);
        return { board, sheet, row };
      } catch (error) {
        if (!(error instanceof KrxError && error.reason === 'unauthorized')) throw error;
        // It may stand on a board for which the key has applied.
        refusal ??= error;
      }
    }
    throw refusal ?? new KrxError('unknown-stock', `KRX knows no stock ${code}`, { status: 200 });
  };
}
