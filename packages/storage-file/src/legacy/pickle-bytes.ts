/** Bytes that are no pickle of plain data. Says where, never what they hold. */
export class PickleError extends Error {
  override readonly name = 'PickleError';
  readonly code = 'ERR_PICKLE';
  /** Of the byte at which reading ended. */
  readonly offset: number;

  constructor(offset: number, detail: string) {
    super(`byte ${offset} of the pickle: ${detail}`);
    this.offset = offset;
  }
}

/** Bytes from front to back: never beyond their end, whatever a length field says. Throws PickleError where they run out. */
export interface PickleBytes {
  readonly offset: number;
  take(count: number | bigint): Buffer;
  /** Up to the next line feed, which is taken, too. */
  line(): Buffer;
}

export function createPickleBytes(source: Uint8Array): PickleBytes {
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  let offset = 0;

  function fail(detail: string): never {
    throw new PickleError(offset, detail);
  }

  function take(count: number | bigint): Buffer {
    if (count > bytes.length - offset)
      fail(`${count} bytes are said to follow, and ${bytes.length - offset} are there`);
    const taken = bytes.subarray(offset, offset + Number(count));
    offset += taken.length;
    return taken;
  }

  return {
    get offset() {
      return offset;
    },
    take,
    line() {
      const end = bytes.indexOf(0x0a, offset);
      if (end === -1) fail('a line has no end');
      return take(end + 1 - offset).subarray(0, -1);
    },
  };
}
