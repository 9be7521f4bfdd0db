import { cp, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { buildPage } from '../../src/page/build-page.ts';
import { loadPage } from '../../src/page/page.ts';
import { servePage } from '../../src/page/serve-page.ts';

let web = '';

beforeAll(async () => {
  web = await mkdtemp(join(tmpdir(), 'kis-web-'));
  await writeFile(
    join(web, 'index.html'),
    '<!doctype html><title>t</title><script type="module" src="/main.ts"></script>',
  );
  await writeFile(join(web, 'main.ts'), 'document.title = "one" as string;');
});

afterAll(() => rm(web, { recursive: true, force: true }));

const statusOf = ({ statusCode }: { readonly statusCode: number }) => statusCode;

describe('the built page', () => {
  test('is built once for its sources, even by many at once, and again when they have changed', async () => {
    const [one, other] = await Promise.all([buildPage(web), buildPage(web)]);
    expect(other).toBe(one);
    await writeFile(join(one, 'mark'), '');
    expect(await readdir(await buildPage(web))).toContain('mark');
    await writeFile(join(web, 'main.ts'), 'document.title = "two" as string;');
    const next = await buildPage(web);
    expect(next).not.toBe(one);
    expect(await readdir(join(web, 'dist'))).toEqual([next.split('/').at(-1)]);
  });

  test('leaves a folder alone in which another builds, and not what was left by one that was killed', async () => {
    const dist = join(web, 'dist');
    const hourAgo = Date.now() / 1_000 - 3_600;
    for (const name of ['.live', '.left']) await mkdir(join(dist, name), { recursive: true });
    await utimes(join(dist, '.left'), hourAgo, hourAgo);
    await writeFile(join(web, 'main.ts'), 'document.title = "three" as string;');
    const built = await buildPage(web);
    expect((await readdir(dist)).sort()).toEqual(['.live', built.split('/').at(-1)]);
    await utimes(join(dist, '.live'), hourAgo, hourAgo);
    // Nothing has to be built, and yet nothing is left.
    expect(await buildPage(web)).toBe(built);
    expect(await readdir(dist)).toEqual([built.split('/').at(-1)]);
  });

  test('needs nothing to be built, and writes nothing, where the sources come with it, or were left out', async () => {
    const built = await buildPage(web);
    const elsewhere = await mkdtemp(join(tmpdir(), 'kis-web-'));
    try {
      await cp(web, elsewhere, { recursive: true });
      expect((await buildPage(elsewhere)).slice(elsewhere.length)).toBe(built.slice(web.length));
      for (const source of ['index.html', 'main.ts']) await rm(join(elsewhere, source));
      expect((await buildPage(elsewhere)).slice(elsewhere.length)).toBe(built.slice(web.length));
    } finally {
      await rm(elsewhere, { recursive: true, force: true });
    }
  });

  test('is built by tools that see no secret of the environment', async () => {
    vi.stubEnv('KIS_APP_SECRET', 'testsecret+/=');
    const seen = join(web, 'seen.txt');
    const config = `require('node:fs').writeFileSync(${JSON.stringify(seen)}, Object.keys(process.env).join());`;
    await writeFile(join(web, 'vite.config.cjs'), config);
    try {
      await buildPage(web);
      expect(await readFile(seen, 'utf8')).toContain('PATH');
      expect(await readFile(seen, 'utf8')).not.toContain('KIS');
    } finally {
      vi.unstubAllEnvs();
      for (const path of [seen, join(web, 'vite.config.cjs')]) await rm(path, { force: true });
    }
  });

  test('is built when it is first asked for, once for many who ask, and again for the next where that failed', async () => {
    const app = Fastify({ logger: false });
    let loads = 0;
    await app.register(servePage, {
      load: async () => {
        loads += 1;
        await new Promise(setImmediate);
        if (loads === 1) throw new Error('no space left');
        return loadPage(web);
      },
    });
    await app.ready();
    expect(loads).toBe(0);
    const ask = async () => (await Promise.all(['/', '/favicon.svg'].map((url) => app.inject(url)))).map(statusOf);
    expect(await ask()).toEqual([500, 500]);
    expect(loads).toBe(1);
    expect(await ask()).toEqual([200, 404]);
    expect(await ask()).toEqual([200, 404]);
    expect(loads).toBe(2);
    await app.close();
  });

  test('is sent once, and then only asked after; what bears a hash is kept for good', async () => {
    const app = Fastify();
    await app.register(servePage, { load: () => loadPage(web) });
    const first = await app.inject('/');
    expect(first.headers['content-type']).toBe('text/html; charset=utf-8');
    const again = await app.inject({ url: '/', headers: { 'if-none-match': String(first.headers.etag) } });
    expect([first.statusCode, again.statusCode, again.body]).toEqual([200, 304, '']);
    const script = await app.inject(/src="([^"]+)"/.exec(first.body)?.[1] ?? '');
    expect([script.statusCode, script.headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
    expect((await app.inject('/assets/none.js')).statusCode).toBe(404);
    expect((await app.inject('/assets/..%2findex.html')).statusCode).toBe(404);
    await app.close();
  });
});
