/** KIS's fields, every value a string. */
export type Fields = Readonly<Record<string, string>>;

/** The blocks of an answer: `output`, `output1`, … */
export type Outputs = Readonly<Record<string, Fields | readonly Fields[]>>;

/** KIS's answer to a code that it does not know: the same fields with nothing in them. */
export function emptied(outputs: Outputs, code: string): Outputs {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, block]) => [
      name,
      Array.isArray(block) ? [] : emptiedFields(block as Fields, code),
    ]),
  );
}

/** Zeros for numbers, nothing for words, and the code where it stands. */
export function emptiedFields(fields: Fields, code: string): Fields {
  const isNumber = (value: string): boolean => /^-?[\d.,]+$/.test(value);
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      name === 'stck_shrn_iscd' ? code : isNumber(value) ? '0' : '',
    ]),
  );
}
