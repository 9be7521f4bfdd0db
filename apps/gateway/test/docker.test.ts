import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startMockServer } from '@kis/mock';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { parseDockerIgnore } from './docker/docker-ignore.ts';
import { parseStages, runStages } from './docker/docker-steps.ts';
import { startReadOnly } from './docker/read-only.ts';
import { API_KEY, envOf, openMarket, startGateway, tempDirectory } from './harness.ts';
import { freePort, GATEWAY_FOLDER } from './processes.ts';

const ROOT = join(GATEWAY_FOLDER, '..', '..');
const isIgnored = parseDockerIgnore(await readFile(join(GATEWAY_FOLDER, 'Dockerfile.dockerignore'), 'utf8'));
const stages = parseStages(await readFile(join(GATEWAY_FOLDER, 'Dockerfile'), 'utf8'));
const last = stages.at(-1)?.steps ?? [];
const of = (keyword: string) => last.filter((step) => step.keyword === keyword).map(({ text }) => text);

interface Compose {
  readonly services: Record<string, Record<string, unknown>>;
  readonly volumes: object;
  readonly secrets: object;
}

describe('the image', () => {
  test('is made in stages, and its last one is not run as root, and is given neither sources nor secrets', () => {
    expect(stages.map(({ name }) => name)).toEqual(['build', 'modules', 'last']);
    expect(of('USER')).toEqual(['1000:1000']);
    expect(of('VOLUME')).toEqual(['/app/data']);
    expect(of('RUN')).toEqual(['install -d -o 1000 -g 1000 -m 700 data']);
    expect(of('COPY').join('\n')).not.toMatch(/packages|\/src|web(?!\/dist)/);
    expect(of('HEALTHCHECK')[0]).toContain('/healthz');
    expect(JSON.parse(of('CMD')[0] ?? '')).toEqual(['node', '--single-threaded-gc', 'apps/gateway/dist/main.js']);
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
    // That of the image.
    expect(services.gateway).not.toHaveProperty('healthcheck');
    expect(services.gateway).toMatchObject({
      restart: 'unless-stopped',
      env_file: [{ path: '.env', required: false }],
    });
    expect(services.redis).toMatchObject({ profiles: ['redis'] });
    expect(Object.keys(volumes)).toEqual(['tokens', 'redis']);
    expect(Object.keys(secrets)).toEqual(['gateway_api_key', 'kis_accounts']);
  });
});

describe('keys that lie where the README has them put', () => {
  const paths = ['apps/gateway/secrets/accounts.json', 'apps/gateway/secrets/gateway_api_key', 'apps/gateway/.env'];

  test('do not get into an image', async () => {
    for (const path of paths) expect(isIgnored(path)).toBe(true);
    for (const path of ['apps/gateway/src/main.ts', 'package.json']) expect(isIgnored(path)).toBe(false);
  });

  test('do not get into a commit', async () => {
    const folder = await tempDirectory();
    await copyFile(join(ROOT, '.gitignore'), join(folder, '.gitignore'));
    for (const path of paths) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), '');
    }
    const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' });
    git('init', '--quiet');
    expect(git('status', '--short', '--untracked-files=all')).toBe('?? .gitignore\n');
  });
});

/** Runs the HEALTHCHECK of the image as Docker would, and gives its exit code. */
async function checkHealth(env: Record<string, string>): Promise<number> {
  const [command = '', ...args] = JSON.parse(of('HEALTHCHECK')[0]?.replace(/^CMD /, '') ?? '[]') as string[];
  const { PATH = '' } = process.env;
  const child = execFile(command, args, { env: { PATH, ...env } });
  const [code] = (await once(child, 'close')) as [number];
  return code;
}

describe('the healthcheck', () => {
  test.each(['0.0.0.0', '127.0.0.2'])('is good while the gateway answers at %s, and only then', async (HOST) => {
    const { gateway } = await startGateway({ env: { HOST } });
    const { port: PORT } = new URL(await gateway.listen());
    expect(await checkHealth({ HOST, PORT })).toBe(0);
    await gateway.close();
    expect(await checkHealth({ HOST, PORT })).toBe(1);
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
    await cp(ROOT, context, { recursive: true, filter: (path) => !isIgnored(path.slice(ROOT.length)) });
    const app = await runStages(stages, context, folder);
    expect((await readdir(app)).filter((name) => !name.startsWith('p'))).toEqual(['apps', 'data', 'node_modules']);
    // What runs, and neither what it was made of nor what with.
    expect((await readdir(join(app, 'apps/gateway'))).sort()).toEqual(['dist', 'node_modules', 'package.json', 'web']);
    expect(await readdir(join(app, 'apps/gateway/web'))).toEqual(['dist']);
    for (const tool of ['vite', 'tsx', 'tsup']) {
      expect(await readdir(join(app, 'apps/gateway/node_modules'))).not.toContain(tool);
    }

    const server = await startMockServer({ clock: openMarket() });
    onTestFinished(() => server.close());
    const port = await freePort();
    const { child, mayWrite } = startReadOnly({
      ...{ app, writable: join(app, 'data') },
      command: [process.execPath, ...(JSON.parse(of('CMD')[0] ?? '[]') as string[]).slice(1)],
      env: {
        ...envOf(join(app, 'data')),
        ...{ KIS_API_RATE_LIMIT_SHARE: 'file', KIS_API_BASE_URL_REAL: server.url, HOST: '0.0.0.0', PORT: String(port) },
      } as NodeJS.ProcessEnv,
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
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
    // It could not change a thing but the tokens.
    for (const path of ['x', 'apps/x', 'apps/gateway/dist/x', 'node_modules/x', '/etc/x']) {
      expect(mayWrite(path)).toBe(false);
    }
    expect(mayWrite('data/x')).toBe(true);
    expect((await readdir(join(app, 'data'))).length).toBeGreaterThan(0);
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([0, null]);
  });
});
