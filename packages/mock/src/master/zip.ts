import { crc32, deflateRawSync } from 'node:zlib';
import { dateOf } from '../market/calendar.ts';

/** A zip archive of one file that bears this day. `name` is in ASCII. */
export function zipOf(name: string, content: Uint8Array, day: number): Buffer {
  const fileName = Buffer.from(name, 'ascii');
  const packed = deflateRawSync(content);
  // What both headers say, from the version that is needed (2.0) to the length of the name.
  const facts = Buffer.alloc(26);
  facts.writeUInt16LE(20, 0);
  facts.writeUInt16LE(8, 4);
  facts.writeUInt16LE(dosDate(day), 8);
  facts.writeUInt32LE(crc32(content), 10);
  facts.writeUInt32LE(packed.length, 14);
  facts.writeUInt32LE(content.length, 18);
  facts.writeUInt16LE(fileName.length, 22);
  const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), facts, fileName]);

  const entry = Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000'), facts, Buffer.alloc(14), fileName]);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'ascii');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length, 12);
  end.writeUInt32LE(local.length + packed.length, 16);
  return Buffer.concat([local, packed, entry, end]);
}

/** Years since 1980, month and day in seven, four and five bits. */
function dosDate(day: number): number {
  const date = dateOf(day);
  const year = Math.max(0, Number(date.slice(0, 4)) - 1980) % 128;
  return (year << 9) | (Number(date.slice(4, 6)) << 5) | Number(date.slice(6));
}
