import { crc32, inflateRawSync } from 'node:zlib';

/** The list of an archive's files ends with this, and each file in the list begins with that. */
const endOfList = Buffer.from('PK\u0005\u0006');
const inList = Buffer.from('PK\u0001\u0002');

/** Some ten times the largest file of KIS. */
const longestBytes = 64 * 1024 * 1024;

/**
 * The only file of a zip archive. By its list, since the sizes in front of a file may be zeros.
 *
 * @throws Error when it is no such archive, or not whole.
 */
export function unzipOne(archive: Buffer): Buffer {
  const end = archive.lastIndexOf(endOfList);
  if (end < 0 || archive.readUInt16LE(end + 10) !== 1) throw new Error('not a zip archive of one file');
  const entry = archive.readUInt32LE(end + 16);
  if (!archive.subarray(entry, entry + 4).equals(inList)) throw new Error('a zip archive without its list');
  const method = archive.readUInt16LE(entry + 10);
  const sum = archive.readUInt32LE(entry + 16);
  const packedBytes = archive.readUInt32LE(entry + 20);
  const header = archive.readUInt32LE(entry + 42);
  const start = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
  const packed = archive.subarray(start, start + packedBytes);
  const content = method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: longestBytes });
  if (crc32(content) !== sum) throw new Error('a zip archive with a broken file');
  return content;
}
