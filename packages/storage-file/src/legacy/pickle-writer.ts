/** Beyond this Python would write a second frame. */
const MAX_FRAME_BYTES = 64 * 1024;

/**
 * A pickle of a dictionary of texts and integers >= 0 by protocol 4: byte for byte, from two entries on, as Python 3.8 to
 * 3.13 write it.
 *
 * @throws RangeError where that would take a second frame, or is no such dictionary.
 */
export function writePickle(entries: Readonly<Record<string, string | number>>): Buffer {
  const items = Object.entries(entries);
  const frame = Buffer.concat([
    bytes(EMPTY_DICT, MEMOIZE, MARK),
    ...items.flatMap(([key, value]) => [text(key), typeof value === 'string' ? text(value) : integer(value)]),
    bytes(SETITEMS, STOP),
  ]);
  if (frame.length >= MAX_FRAME_BYTES) {
    throw new RangeError(`storage-file: a pickle of ${frame.length} bytes does not go into one frame`);
  }
  const head = Buffer.from([PROTO, 4, FRAME, ...new Array<number>(8).fill(0)]);
  head.writeBigUInt64LE(BigInt(frame.length), 3);
  return Buffer.concat([head, frame]);
}

const PROTO = 0x80;
const FRAME = 0x95;
const EMPTY_DICT = 0x7d;
const MARK = 0x28;
const MEMOIZE = 0x94;
const SETITEMS = 0x75;
const STOP = 0x2e;
const SHORT_BINUNICODE = 0x8c;
const BINUNICODE = 0x58;
const BININT = 0x4a;
const BININT1 = 0x4b;
const BININT2 = 0x4d;
const LONG1 = 0x8a;

function bytes(...values: number[]): Buffer {
  return Buffer.from(values);
}

function text(value: string): Buffer {
  const encoded = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(encoded.length);
  const head = encoded.length <= 0xff ? bytes(SHORT_BINUNICODE, encoded.length) : [bytes(BINUNICODE), length];
  return Buffer.concat([head, encoded, bytes(MEMOIZE)].flat());
}

function integer(value: number): Buffer {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`storage-file: a pickle takes integers from 0 to 2^53 - 1, got ${value}`);
  }
  const encoded = Buffer.alloc(8);
  encoded.writeBigUInt64LE(BigInt(value));
  if (value <= 0xff) return Buffer.concat([bytes(BININT1), encoded.subarray(0, 1)]);
  if (value <= 0xff_ff) return Buffer.concat([bytes(BININT2), encoded.subarray(0, 2)]);
  if (value <= 0x7f_ff_ff_ff) return Buffer.concat([bytes(BININT), encoded.subarray(0, 4)]);
  // As few bytes as leave the highest bit to the sign.
  const length = (value.toString(2).length >> 3) + 1;
  return Buffer.concat([bytes(LONG1, length), encoded.subarray(0, length)]);
}
