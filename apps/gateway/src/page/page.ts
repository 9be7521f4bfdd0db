import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, relative } from 'node:path';
import { buildPage, findWeb, listFiles } from './build-page.ts';

interface PageFile {
  readonly body: Buffer;
  readonly type: string;
  readonly etag: string;
}

/** The dashboard's files by their path below `/`; the page itself is `''`. */
export type Page = ReadonlyMap<string, PageFile>;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Reads the dashboard into memory, after it was built where it has to be. */
export async function loadPage(web: string = findWeb()): Promise<Page> {
  const folder = await buildPage(web);
  const files = (await listFiles(folder)).map(async (path): Promise<[string, PageFile]> => {
    const body = await readFile(path);
    const name = relative(folder, path).replaceAll('\\', '/');
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 20)}"`;
    const type = TYPES[extname(path)] ?? 'application/octet-stream';
    return [name === 'index.html' ? '' : name, { body, type, etag }];
  });
  return new Map(await Promise.all(files));
}
