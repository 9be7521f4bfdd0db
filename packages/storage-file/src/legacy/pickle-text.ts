const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Undefined: not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Python's raw-unicode-escape: Latin-1 with \uXXXX and \UXXXXXXXX. A backslash before anything else stands for itself and
 * takes the next character with it. Undefined: an escape that names no character.
 */
export function decodeRawUnicodeEscape(bytes: Buffer): string | undefined {
  let isWhole = true;
  const text = bytes.toString('latin1').replace(/\\(?:u[0-9a-fA-F]{0,4}|U[0-9a-fA-F]{0,8}|[\s\S])/g, (found) => {
    if (found[1] !== 'u' && found[1] !== 'U') return found;
    const length = found[1] === 'u' ? 6 : 10;
    const point = found.length === length ? Number.parseInt(found.slice(2), 16) : Number.NaN;
    if (point <= 0x10_ff_ff && !isSurrogate(point)) return String.fromCodePoint(point);
    isWhole = false;
    return '';
  });
  return isWhole ? text : undefined;
}

function isSurrogate(point: number): boolean {
  return point >= 0xd8_00 && point <= 0xdf_ff;
}
