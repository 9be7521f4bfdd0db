/** One issue as the Korea Exchange tells it: every value a text, `-` for what it has not. */
export type KrxRow = Readonly<Record<string, string>>;

/** The Korea Exchange's rows have their fields in the order of the alphabet. */
export function krxRow(fields: KrxRow): KrxRow {
  const names = Object.keys(fields).sort();
  return Object.fromEntries(names.map((name) => [name, fields[name] ?? '-']));
}
