import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startMockServer } from '@kis/mock';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { parseStages, runStages } from './docker/docker-steps.ts';
import { API_KEY, envOf, openMarket } from './harness.ts';
import { freePort, GATEWAY_FOLDER } from './processes.ts';

const ROOT = join(GATEWAY_FOLDER, '..', '..');
const stages = parseStages(await readFile(join(GATEWAY_FOLDER, 'Dockerfile'), 'utf8'));
const last = stages.at(-1)?.steps ?? [];
const of = (keyword: string) => last.filter((step) => step.keyword === keyword).map(({ text }) => text);

interface Compose {
  readonly services: Record<string, Record<string, unknown>>;
  readonly volumes: object;
  readonly secrets: object;
}

describe('the image', () => {
  test('is made in stages, and its last one holds no source and no tool, and is not run as root', () => {
    expect(stages.map(({ name }) => name)).toEqual(['build', 'modules', 'last']);
    expect(of('USER')).toEqual(['1000:1000']);
    expect(of('VOLUME')).toEqual(['/app/data']);
    expect(of('RUN')).toEqual(['install -d -o 1000 -g 1000 -m 700 data']);
    expect(of('COPY').join('\n')).not.toMatch(/packages|\/src/);
    expect(of('HEALTHCHECK')[0]).toContain('/healthz');
    expect(JSON.parse(of('CMD')[0] ?? '')).toEqual(['node', 'apps/gateway/dist/main.js']);
    for (const { steps } of stages) {
      for (const { keyword, text } of steps) if (keyword === 'ENV') expect(text).not.toMatch(/secret|_KEY=/i);
    }
  });
});

describe('compose.yaml', () => {
  test('runs it with a tree that is only read, an init, a volume for tokens, secrets from files, and Redis if wanted', async () => {
    const { services, volumes, secrets } = parse(
      await readFile(join(GATEWAY_FOLDER, 'compose.yaml'), 'utf8'),
    ) as Compose;
    expect(services.gateway).toMatchObject({
      init: true,
      read_only: true,
      user: '1000:1000',
      ports: ['127.0.0.1:8080:8080'],
      volumes: ['tokens:/app/data'],
      secrets: ['gateway_api_key', 'kis_accounts'],
      stop_grace_period: '10s',
      build: { context: '../..', dockerfile: 'apps/gateway/Dockerfile' },
    });
    expect(services.gateway?.environment).toMatchObject({ GATEWAY_API_KEY_FILE: '/run/secrets/gateway_api_key' });
    expect(services.gateway?.healthcheck).toMatchObject({ test: expect.arrayContaining(['CMD', 'node']) });
    expect(services.redis).toMatchObject({ profiles: ['redis'] });
    expect(Object.keys(volumes)).toEqual(['tokens', 'redis']);
    expect(Object.keys(secrets)).toEqual(['gateway_api_key', 'kis_accounts']);
  });
});

const isRoot = process.getuid?.() === 0;

describe('the steps of the Dockerfile, done in folders', { timeout: 400_000 }, () => {
  const name = 'give a gateway that another user starts, on a tree that is only read and one folder for tokens';
  test(isRoot ? name : `${name} (NOT RUN HERE, where this process is not root)`, async () => {
    if (!isRoot) {
      if (process.env.CI !== undefined) throw new Error(`NOT RUN, as this process is not root: "${name}"`);
      console.warn(`NOT RUN, as this process is not root: "${name}"`);
      return;
    }
    const folder = await mkdtemp(join(tmpdir(), 'kis-gateway-image-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await chmod(folder, 0o755);
    const context = join(folder, 'context');
    await copyContext(context);
    const app = await runStages(stages, context, folder);
    expect(await readdir(app)).toEqual(expect.arrayContaining(['apps', 'data', 'node_modules']));

    const server = await startMockServer({ clock: openMarket() });
    onTestFinished(() => server.close());
    const port = await freePort();
    const child = spawn(process.execPath, ['apps/gateway/dist/main.js'], {
      cwd: app,
      uid: 1000,
      gid: 1000,
      env: {
        ...envOf(join(app, 'data')),
        ...{ KIS_API_RATE_LIMIT_SHARE: 'file', KIS_API_BASE_URL_REAL: server.url, HOST: '0.0.0.0', PORT: String(port) },
      } as NodeJS.ProcessEnv,
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    }
    const url = `http://127.0.0.1:${port}`;
    const ask = (path: string) => fetch(`${url}${path}`, { headers: { 'x-api-key': API_KEY } });
    while (
      !(await ask('/healthz').then(
        ({ ok }) => ok,
        () => false,
      ))
    ) {
      if (child.exitCode !== null) throw new Error(`it has ended: ${output}`);
      await sleep(50);
    }
    expect(await (await ask('/v1/quotes/005930')).json()).toMatchObject({ stockCode: '005930' });
    const page = await ask('/');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect((await ask('/docs/')).status).toBe(200);
    // Its own user could not change a thing but the tokens.
    const asUser = { cwd: app, uid: 1000, gid: 1000, stdio: 'ignore' } as const;
    for (const path of ['x', 'apps/x', 'apps/gateway/dist/x', 'node_modules/x']) {
      expect(() => execFileSync('touch', [path], asUser)).toThrow();
    }
    expect((await readdir(join(app, 'data'))).length).toBeGreaterThan(0);
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([0, null]);
  });
});

/** What `.dockerignore` leaves of the repository. */
async function copyContext(context: string): Promise<void> {
  const out = /(?:^|\/)(?:node_modules|dist|\.turbo|\.git|coverage|screenshots)(?:\/|$)/;
  await mkdir(dirname(context), { recursive: true });
  await cp(ROOT, context, { recursive: true, filter: (path) => !out.test(path.slice(ROOT.length)) });
}
