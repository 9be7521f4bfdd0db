import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFakeKis, type FakeKis } from '@kis/mock';
import { systemClock } from '@kis/token-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { readConfig } from '../../src/config/config.ts';
import { findShift } from '../../src/demo.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { needChromium } from './chromium.ts';

/** A gateway that can be stopped and started again where it was, before a fake KIS whose market is open. */
export interface Dashboard {
  readonly url: string;
  readonly fake: FakeKis;
  /** Where its tokens lie. */
  readonly directory: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Stops it, and removes what it wrote. */
  end(): Promise<void>;
}

interface Options {
  readonly env?: Readonly<Record<string, string>>;
  /** Several, in the place of one. */
  readonly accounts?: readonly object[];
}

const oneAccount = {
  KIS_APP_KEY: 'PSTESTTESTTESTTESTTESTTESTTESTTEST01',
  KIS_APP_SECRET: `testsecret+/=${'a'.repeat(160)}`,
};

export async function startDashboard(options: Options = {}): Promise<Dashboard> {
  const behindMs = findShift(Date.now());
  const fake = createFakeKis({ clock: { ...systemClock, nowMs: () => Date.now() - behindMs }, latencyMs: 10 });
  const home = await mkdtemp(join(tmpdir(), 'kis-dashboard-'));
  const directory = join(home, 'tokens');
  await mkdir(directory);
  const { accounts } = options;
  await writeFile(join(home, 'secrets.json'), JSON.stringify({ accounts }));
  let [gateway, url, port]: [Gateway | undefined, string, string] = [undefined, '', '0'];

  async function start(): Promise<void> {
    const config = await readConfig({
      ...(accounts === undefined ? oneAccount : { SECRETS_FILE: join(home, 'secrets.json') }),
      KIS_USE_VIRTUAL_SERVER: 'false',
      KIS_TOKEN_FILE_PATH: join(directory, 'token.json'),
      LOG_LEVEL: 'silent',
      PORT: port,
      ...options.env,
    });
    gateway = await createGateway(config, { dispatcher: fake.dispatcher });
    url = (await gateway.listen()).replace('0.0.0.0', '127.0.0.1');
    port = new URL(url).port;
  }

  async function stop(): Promise<void> {
    await gateway?.close();
    gateway = undefined;
  }

  await start();
  return {
    url,
    fake,
    directory,
    start,
    stop,
    async end() {
      await stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

export interface Window {
  readonly page: Page;
  /** What the console warned of, and what was thrown. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

export interface Screen {
  /** Opens `url` as a new visitor, who has chosen nothing yet. */
  open(url: string, options?: BrowserContextOptions): Promise<Window>;
  close(): Promise<void>;
}

export async function startScreen(): Promise<Screen> {
  const browser: Browser = await chromium.launch({
    executablePath: await needChromium(),
    // A canvas asks the device how sharp it may be, not the page that is emulated.
    args: ['--force-device-scale-factor=2'],
  });
  return {
    async open(url, options = {}) {
      const context = await browser.newContext({
        locale: 'ko-KR',
        viewport: { width: 1_280, height: 800 },
        ...options,
      });
      context.setDefaultTimeout(20_000);
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      await page.goto(url);
      return { page, complaints, close: () => context.close() };
    },
    close: () => browser.close(),
  };
}
