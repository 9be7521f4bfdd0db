/** Text as KIS's files have it: one byte for ASCII, two for a Korean letter, `?` for what cp949 lacks. */
export type EncodeCp949 = (text: string) => Buffer;

/** Node decodes cp949 (WHATWG calls it euc-kr) and does not encode it: the table is the decoder's, turned round. */
export function createCp949Encoder(): EncodeCp949 {
  const decoder = new TextDecoder('euc-kr');
  const codes = new Map<string, readonly [number, number]>();
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x41; trail <= 0xfe; trail++) {
      const letter = decoder.decode(Uint8Array.of(lead, trail));
      // An unknown pair is one or two signs of replacement, or one and the second byte.
      if (letter.length === 1 && letter !== '\ufffd') codes.set(letter, [lead, trail]);
    }
  }
  const bytesOf = (letter: string): readonly number[] =>
    letter <= '\u007f' ? [letter.charCodeAt(0)] : (codes.get(letter) ?? [0x3f]);
  return (text) => Buffer.from(Array.from(text).flatMap(bytesOf));
}
