import { createPickleBytes, PickleError } from './pickle-bytes.ts';
import { decodeRawUnicodeEscape, decodeUtf8 } from './pickle-text.ts';

/** What a pickle of plain data holds. A dictionary is a Map, so that no key of it means anything to JavaScript. */
export type PickleValue = string | number | boolean | null | ReadonlyMap<string, PickleValue>;

const NEWEST_PROTOCOL = 5;

/**
 * Reads a pickle of Python's protocols 0 to 5 that holds nothing but texts, integers, booleans, None and dictionaries of
 * these under texts. The opcodes that could name or call anything are not known here, nor is any other.
 * Takes time and memory in proportion to the bytes; what follows the end of the pickle is left unread, as by Python.
 *
 * @throws PickleError naming the opcode and its place.
 */
export function readPickle(source: Uint8Array): PickleValue {
  const bytes = createPickleBytes(source);
  const { take, line } = bytes;
  const stack: PickleValue[] = [];
  const marks: number[] = [];
  const memo = new Map<number, PickleValue>();

  function fail(detail: string): never {
    throw new PickleError(bytes.offset, detail);
  }

  function top(): PickleValue {
    if (stack.length <= (marks.at(-1) ?? 0)) fail('the stack is empty');
    return stack.at(-1) as PickleValue;
  }

  function pop(): PickleValue {
    const value = top();
    stack.pop();
    return value;
  }

  function popToMark(): PickleValue[] {
    return stack.splice(marks.pop() ?? fail('there is no mark'));
  }

  function fill(dictionary: PickleValue, items: readonly PickleValue[]): void {
    if (!(dictionary instanceof Map)) fail('items belong into a dictionary');
    if (items.length % 2 === 1) fail('a key has no value');
    for (let at = 0; at < items.length; at += 2) {
      const key = items[at];
      if (typeof key !== 'string') fail('a key is no text');
      dictionary.set(key, items[at + 1] as PickleValue);
    }
  }

  function recall(index: number): PickleValue {
    const value = memo.get(index);
    if (value === undefined) fail(`nothing was put at ${index}`);
    // A dictionary that is there twice could hold itself.
    return value instanceof Map ? fail('a dictionary is referred to') : value;
  }

  function text(encoded: Buffer, decode: (bytes: Buffer) => string | undefined = decodeUtf8): string {
    return decode(encoded) ?? fail('a text is not in its encoding');
  }

  function index(): number {
    const digits = line().toString('latin1');
    return /^\d{1,10}$/.test(digits) ? Number(digits) : fail('an index is no number');
  }

  function decimal(): number | boolean {
    const digits = line().toString('latin1');
    if (digits === '00' || digits === '01') return digits === '01';
    const value = /^-?(?:0|[1-9]\d{0,15})$/.test(digits) ? Number(digits) : Number.NaN;
    return Number.isSafeInteger(value) ? value : fail('an integer is none, or is beyond 2^53');
  }

  function long(encoded: Buffer): number {
    const hex = Buffer.from(encoded).reverse().toString('hex');
    const value = Number(BigInt.asIntN(encoded.length * 8, BigInt(`0x0${hex}`)));
    return Number.isSafeInteger(value) ? value : fail('an integer is beyond 2^53');
  }

  const push = (value: PickleValue): void => void stack.push(value);
  const remember = (at: number): void => void memo.set(at, top());

  const steps: Readonly<Record<number, () => void>> = {
    // PROTO and FRAME
    128: () => {
      if (take(1).readUInt8() > NEWEST_PROTOCOL) fail(`the protocol is newer than ${NEWEST_PROTOCOL}`);
    },
    149: () => {
      const length = take(8).readBigUInt64LE();
      if (length > source.length - bytes.offset) fail('a frame is longer than the pickle');
    },
    // NONE, NEWTRUE, NEWFALSE
    78: () => push(null),
    136: () => push(true),
    137: () => push(false),
    // INT, BININT, BININT1, BININT2, LONG1
    73: () => push(decimal()),
    74: () => push(take(4).readInt32LE()),
    75: () => push(take(1).readUInt8()),
    77: () => push(take(2).readUInt16LE()),
    138: () => push(long(take(take(1).readUInt8()))),
    // UNICODE, SHORT_BINUNICODE, BINUNICODE, BINUNICODE8
    86: () => push(text(line(), decodeRawUnicodeEscape)),
    140: () => push(text(take(take(1).readUInt8()))),
    88: () => push(text(take(take(4).readUInt32LE()))),
    141: () => push(text(take(take(8).readBigUInt64LE()))),
    // EMPTY_DICT, MARK, DICT, SETITEM, SETITEMS
    125: () => push(new Map()),
    40: () => void marks.push(stack.length),
    100: () => {
      const dictionary = new Map<string, PickleValue>();
      fill(dictionary, popToMark());
      push(dictionary);
    },
    115: () => {
      const [value, key] = [pop(), pop()];
      fill(top(), [key, value]);
    },
    117: () => {
      const items = popToMark();
      fill(top(), items);
    },
    // MEMOIZE, PUT, BINPUT, LONG_BINPUT
    148: () => remember(memo.size),
    112: () => remember(index()),
    113: () => remember(take(1).readUInt8()),
    114: () => remember(take(4).readUInt32LE()),
    // GET, BINGET, LONG_BINGET
    103: () => push(recall(index())),
    104: () => push(recall(take(1).readUInt8())),
    106: () => push(recall(take(4).readUInt32LE())),
  };
  const STOP = 0x2e;

  for (;;) {
    const { offset } = bytes;
    const opcode = take(1).readUInt8();
    if (opcode === STOP) return pop();
    const step = steps[opcode];
    if (step === undefined) throw new PickleError(offset, `opcode 0x${opcode.toString(16)} is not one of plain data`);
    step();
  }
}
