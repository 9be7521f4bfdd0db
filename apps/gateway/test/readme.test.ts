import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { freePort, GATEWAY_FOLDER } from './processes.ts';

test("the README's first example, without keys, shows a dashboard with live data", { timeout: 90_000 }, async () => {
  const readme = await readFile(join(GATEWAY_FOLDER, 'README.md'), 'utf8');
  const [start = '', ask = ''] = /```sh\n(.*?)```/s.exec(readme)?.[1]?.trim().split('\n') ?? [];
  expect(start).toMatch(/^npx pnpm@\S+ --filter gateway start$/);
  const { scripts } = JSON.parse(await readFile(join(GATEWAY_FOLDER, 'package.json'), 'utf8')) as {
    scripts: { start: string };
  };

  const port = String(await freePort());
  const { PATH = '', HOME } = process.env;
  const [program, ...args] = scripts.start.split(' ');
  expect(program).toBe('node');
  const child = spawn(process.execPath, args, {
    cwd: GATEWAY_FOLDER,
    env: { PATH, HOME, PORT: port },
  });
  onTestFinished(() => void child.kill('SIGTERM'));
  const url = ask.replace('curl ', '').replace(':8080', `:${port}`);
  let quote: unknown;
  while (quote === undefined) {
    quote = await fetch(url).then(
      (reply) => reply.json(),
      () => sleep(100),
    );
    if (child.exitCode !== null) throw new Error('the gateway has ended');
  }
  expect(quote).toMatchObject({ stockCode: '005930', currentPrice: expect.any(Number) });
  const page = await fetch(`http://127.0.0.1:${port}/`);
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
});
