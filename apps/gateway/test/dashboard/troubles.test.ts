import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { startRedis } from '@kis/redis-servers';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { createGateway } from '../../src/gateway.ts';
import { type Dashboard, type Screen, startDashboard, startScreen } from './rig.ts';

/** To be looked at: nothing compares them. */
const SCREENSHOTS = fileURLToPath(new URL('../../screenshots/', import.meta.url));

let screen = undefined as unknown as Screen;

beforeAll(async () => {
  screen = await startScreen();
  await mkdir(SCREENSHOTS, { recursive: true });
}, 600_000);

afterAll(() => screen?.close());

async function start(env: Readonly<Record<string, string>> = {}): Promise<Dashboard> {
  const dashboard = await startDashboard({ env });
  onTestFinished(() => dashboard.end());
  return dashboard;
}

async function open(url: string, width = 1_280): Promise<Page> {
  const window = await screen.open(url, { viewport: { width, height: 800 } });
  onTestFinished(() => window.close());
  await window.page.locator('#link[data-link="live"]').waitFor();
  await has(window.page, '.quotes td.price', /\d/);
  return window.page;
}

const has = (page: Page, selector: string, text: string | RegExp) =>
  page.locator(selector).filter({ hasText: text }).first().waitFor();
const isHidden = (page: Page, selector: string) => page.locator(selector).waitFor({ state: 'hidden' });

/** In both widths, and in both themes. */
async function takePictures(page: Page, name: string): Promise<void> {
  for (const [width, theme] of [
    [1_280, 'light'],
    [390, 'dark'],
  ] as const) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme: theme });
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await page.screenshot({ path: `${SCREENSHOTS}${name}-${width}-${theme}.png`, fullPage: true });
  }
}

describe('the dashboard of a gateway in trouble', { timeout: 120_000 }, () => {
  test('says that the token storage is gone, in the language of the moment, until it is back', async () => {
    const { url, directory } = await start();
    const page = await open(url);
    await isHidden(page, '#notice');
    await rename(directory, `${directory}.away`);
    await writeFile(directory, 'no directory any more');
    await has(page, '#notice', '토큰 저장소에 쓸 수 없습니다');
    await page.getByRole('radio', { name: 'English' }).check();
    await has(page, '#notice', 'the token storage cannot be written');
    await page.getByRole('radio', { name: '한국어' }).check();
    await takePictures(page, 'storage-gone');
    await rm(directory);
    await rename(`${directory}.away`, directory);
    await isHidden(page, '#notice');
  });

  test('says that the breaker is open, and until when', async () => {
    const { url, fake } = await start({ KIS_API_CIRCUIT_BREAKER_THRESHOLD: '1' });
    const page = await open(url);
    fake.control({ failNext: { count: 50, cut: 'before' } });
    await fetch(`${url}/v1/quotes/005930?fresh=true`);
    await has(page, '#notice', '차단기가 열려 있습니다');
    await has(page, '#breaker', '뒤 다시 시도');
    await takePictures(page, 'breaker-open');
  });

  test('says that a shared budget cannot be reached, which is no refusal of KIS', async () => {
    const redis = await startRedis();
    onTestFinished(() => redis.stop());
    const { url } = await start({ KIS_API_RATE_LIMIT_SHARE: 'redis', KOREA_INVESTMENT_REDIS_URL: redis.url });
    const page = await open(url);
    await redis.kill();
    await has(page, '#budget .note', '함께 쓰는 한도에 닿지 않아 제 몫만 씀 (1초에 18건)');
    await takePictures(page, 'budget-degraded');
    const isReady = async () => (await fetch(`${url}/readyz`)).json();
    await expect.poll(isReady, { timeout: 10_000, interval: 500 }).toMatchObject({
      ready: true,
      missing: [],
      details: ['main: the shared budget cannot be reached, so it goes by 18 calls in 1000 ms'],
    });
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('kis_limiter_degraded{account="main"} 1');
    await redis.restart();
    await isHidden(page, '#budget .note');
  });

  test('counts a share that is one call in several seconds by the second', async () => {
    const redis = await startRedis();
    onTestFinished(() => redis.stop());
    const env = { KIS_API_RATE_LIMIT: '1', KIS_API_RATE_LIMIT_SHARE: 'redis', KOREA_INVESTMENT_REDIS_URL: redis.url };
    const [{ url }, other] = [await start(env), await start(env)];
    const page = await open(url);
    await fetch(`${other.url}/v1/quotes/005930?fresh=true`);
    await fetch(`${url}/v1/quotes/005930?fresh=true`);
    await redis.kill();
    await has(page, '#budget .note', '함께 쓰는 한도에 닿지 않아 제 몫만 씀 (2초에 1건)');
    await has(page, '#budget .headline .of', '/ 0.5건');
    expect(await page.getByRole('img', { name: '0.5건 가운데' }).count()).toBe(1);
    await takePictures(page, 'budget-below-one');
  });

  test('says that prices are invented where there are no keys, and nothing of that where there are', async () => {
    const gateway = await createGateway(await readConfig({ PORT: '0', LOG_LEVEL: 'silent' }));
    onTestFinished(() => gateway.close());
    const page = await open(await gateway.listen());
    await has(page, '#demo', '시세는 모두 지어낸 것입니다');
    await has(page, '#token-facts', '이 프로세스만 가짐');
    await takePictures(page, 'demo');
    await isHidden(await open((await start()).url), '#demo');
  });
});
