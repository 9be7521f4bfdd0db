import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { findSecrets } from '../../../vitest.secrets.ts';
import { buildServer } from '../src/build-server.ts';
import type { Env } from '../src/config/variables.ts';

export const GATEWAY_FOLDER: string = fileURLToPath(new URL('..', import.meta.url));

/** A gateway in a process of its own. */
export interface GatewayProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Resolves when it takes calls. */
  readonly listening: Promise<void>;
  /** With its code or signal. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  readonly output: () => string;
}

/** Builds the server for the tests of a file, beside the dependencies, and takes it away after them. */
export function builtServer(): (env: Env) => Promise<GatewayProcess> {
  const name = `${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
  const folder = join(GATEWAY_FOLDER, 'node_modules', `.test-${name}`);
  beforeAll(() => buildServer(folder), 60_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return (env) => startProcess(process.execPath, [join(folder, 'main.js')], env);
}

async function startProcess(command: string, args: readonly string[], env: Env): Promise<GatewayProcess> {
  const port = env.PORT === undefined || env.PORT === '0' ? String(await freePort()) : env.PORT;
  const { PATH, HOME } = process.env;
  const child = spawn(command, args, { env: { PATH, HOME, ...env, PORT: port } });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const ended = once(child, 'close').then(([code, signal]) => {
    expect(findSecrets(output)).toEqual([]);
    return (code ?? signal) as number | NodeJS.Signals | null;
  });
  const url = `http://127.0.0.1:${port}`;
  const listening = (async () => {
    while (!(await isUp(url))) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the gateway has ended:\n${output}`);
      await sleep(20);
    }
  })();
  listening.catch(() => {});
  return { url, child, listening, ended, output: () => output };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function isUp(url: string): Promise<boolean> {
  return fetch(`${url}/healthz`).then(
    ({ ok }) => ok,
    () => false,
  );
}
