import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { readConfig } from '../src/config/config.ts';
import { createGateway } from '../src/gateway.ts';
import { tempDirectory } from './harness.ts';
import { GATEWAY_FOLDER } from './processes.ts';

async function startDemo() {
  let logged = '';
  const logTo = {
    write(line: string) {
      logged += line;
    },
  };
  const gateway = await createGateway(await readConfig({ PORT: '0' }), { logTo });
  onTestFinished(() => gateway.close());
  return { gateway, url: await gateway.listen(), logged: () => logged };
}

describe('a gateway without keys', () => {
  test('says that its prices are invented: in the log, to monitors, to the dashboard', async () => {
    const { gateway, url, logged } = await startDemo();
    expect(logged()).toMatch(/"level":40,.*"msg":"There are no keys: .* all prices are invented/);
    for (const path of ['/readyz', '/token/status']) {
      expect((await gateway.app.inject(path)).json()).toMatchObject({ source: 'mock' });
    }
    const reply = await fetch(`${url}/events`);
    const { value } = (await reply.body?.getReader().read()) ?? {};
    expect(Buffer.from(value ?? []).toString()).toContain('"source":"mock","storage":"memory"');
  });

  test('keeps its token in memory, so that nothing is left of it wherever it was killed', async () => {
    const folder = await tempDirectory();
    vi.stubEnv('TMPDIR', folder);
    vi.stubEnv('XDG_CACHE_HOME', folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { gateway } = await startDemo();
    expect((await gateway.app.inject('/v1/quotes/005930')).statusCode).toBe(200);
    expect((await gateway.app.inject('/readyz')).json()).toMatchObject({ ready: true, missing: [] });
    expect((await gateway.app.inject('/token/status')).json()).toMatchObject({ valid: true, cache_exists: true });
    expect(await readdir(folder)).toEqual([]);
  });

  test('can be tried by an existing client, as the README shows', async () => {
    const readme = await readFile(join(GATEWAY_FOLDER, 'README.md'), 'utf8');
    const [, example = ''] = /```sh\n(key=.*?)```/s.exec(readme) ?? [];
    const { url } = await startDemo();
    const { stdout } = await promisify(execFile)('sh', ['-c', example.replaceAll('http://127.0.0.1:8080', url)]);
    expect(JSON.parse(stdout)).toMatchObject({ rt_cd: '0', output: { stck_prpr: expect.stringMatching(/^\d+$/) } });
  });
});
