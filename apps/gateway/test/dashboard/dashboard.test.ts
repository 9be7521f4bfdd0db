import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startMuteProxy } from './mute-proxy.ts';
import { type Dashboard, type Screen, startDashboard, startScreen, type Window } from './rig.ts';

/** To be looked at: nothing compares them. */
const SCREENSHOTS = fileURLToPath(new URL('../../screenshots/', import.meta.url));
const PRICE = 'FHKST01010100';

let [dashboard, screen]: [Dashboard, Screen] = [] as unknown as [Dashboard, Screen];
let windows: Window[] = [];

beforeAll(async () => {
  [dashboard, screen] = await Promise.all([startDashboard(), startScreen()]);
}, 600_000);

afterEach(async () => {
  await Promise.all(windows.map((window) => window.close()));
  windows = [];
});

afterAll(async () => {
  await screen?.close();
  await dashboard?.end();
});

async function open(...options: Parameters<Screen['open']> | []): Promise<Window> {
  const [url = dashboard.url, context] = options;
  const window = await screen.open(url, context);
  windows.push(window);
  return window;
}

const isLive = (page: Page) => page.locator('#link[data-link="live"]').waitFor();
const rowOf = (page: Page, code: string) => page.locator(`tr[data-code="${code}"]`);
const has = (page: Page, selector: string, text: string | RegExp) =>
  page.locator(selector).filter({ hasText: text }).first().waitFor();
const read = <T>(page: Page, script: string) => page.evaluate(script) as Promise<T>;

/** All that is said aloud from now on: what is said next may take the place of it at once. */
async function listen(page: Page): Promise<(text: string) => Promise<void>> {
  await read(
    page,
    `(() => {
      const announce = document.querySelector('#announce');
      globalThis.said = '';
      new MutationObserver(() => { said += announce.textContent + ' | '; }).observe(announce, { childList: true });
    })()`,
  );
  return (text) => expect.poll(() => read<string>(page, 'said'), { timeout: 20_000 }).toContain(text);
}

describe('the dashboard in a browser', { timeout: 90_000 }, () => {
  test('shows the token, the budget used, and the prices that the gateway gives', async () => {
    const { page, complaints } = await open();
    await isLive(page);
    await has(page, '.ring-state', '정상');
    await has(page, '#attempts', '발급됨');
    await has(page, '.quotes td.price', /^[\d,]+$/);
    // Whoever calls through the gateway is seen in the bars.
    const bars = page.locator('rect.bar:not(.bar-refused)');
    const used = () =>
      bars.evaluateAll(
        (all: { getAttribute(name: string): string | null }[]) =>
          all.filter((bar) => Number(bar.getAttribute('height')) > 0).length,
      );
    const before = await used();
    await Promise.all(['005930', '000660', '035420'].map((code) => fetch(`${dashboard.url}/v1/order-books/${code}`)));
    await expect.poll(used, { timeout: 20_000 }).toBeGreaterThan(before);
    expect(complaints).toEqual([]);
  });

  test('goes on by itself: prices move while nobody touches it', async () => {
    const { page } = await open();
    await isLive(page);
    const moving = () => read<string>(page, "document.querySelector('#board').innerText");
    await has(page, '.quotes td.price', /\d/);
    const before = await moving();
    await expect.poll(moving, { timeout: 60_000, interval: 500 }).not.toBe(before);
  });

  test('draws the candles of the chosen stock, with their volumes, also as a table', async () => {
    const { page, complaints } = await open();
    await isLive(page);
    await rowOf(page, '000660').getByRole('button').click();
    await has(page, '#chart-title', 'SK하이닉스');
    await page.getByText('최근 20개를 표로 보기').click();
    await expect.poll(() => page.locator('.candles tbody tr').count(), { timeout: 20_000 }).toBe(20);
    const { candles } = (await (await fetch(`${dashboard.url}/v1/charts/000660?period=month&count=2`)).json()) as {
      candles: readonly { readonly openPrice: number }[];
    };
    await page.getByRole('radio', { name: '월' }).check();
    await has(
      page,
      '.candles tbody tr:nth-child(2) td:nth-child(2)',
      (candles[1]?.openPrice ?? 0).toLocaleString('ko-KR'),
    );
    expect(await page.locator('#plot canvas').count()).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
  });

  test('leaves no error behind when one stock is chosen after the other', async () => {
    const { page, complaints } = await open();
    await isLive(page);
    await has(page, '.quotes td.price', /\d/);
    // So that each is asked for while the one before is still under way.
    dashboard.fake.control({ latencyMs: 400 });
    for (const code of ['000660', '373220', '005380', '000270', '068270']) {
      await rowOf(page, code).getByRole('button').click();
    }
    await page.locator('#plot[aria-label^="셀트리온"]').waitFor();
    dashboard.fake.control({ latencyMs: 10 });
    await has(page, '#chart-title', '셀트리온');
    await has(page, '#problems', '지금까지 오류가 없습니다');
    expect(complaints).toEqual([]);
  });

  test('is used by keyboard alone, and shows where the focus is', async () => {
    const { page } = await open();
    await isLive(page);
    await has(page, '.quotes td.price', /\d/);
    await page.keyboard.press('Tab');
    expect(await read(page, 'document.activeElement.className')).toBe('skip');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await read(page, "document.activeElement.closest('tr').dataset.code")).toBe('005930');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await read(page, 'getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    await page.keyboard.press('Enter');
    await has(page, '#chart-title', 'LG에너지솔루션');
    await has(page, 'tr[data-code="373220"] button[aria-pressed="true"]', 'LG');

    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    expect(await page.getByRole('radio', { name: '주' }).isChecked()).toBe(true);
    expect(await read(page, "getComputedStyle(document.activeElement.closest('label')).outlineStyle")).toBe('solid');
    await has(page, '#legend', /\d/);
    await page.keyboard.press('Tab');
    expect(await read(page, 'document.activeElement.id')).toBe('plot');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await has(page, '#announce', /시 [\d,]+/);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.locator('#candles').getAttribute('open')).toBe('');
  });

  test('speaks Korean and English, each with its numbers, and remembers which', async () => {
    const { page } = await open();
    await isLive(page);
    await has(page, 'h1', 'KIS 게이트웨이');
    await has(page, '.quotes td.volume', /만$/);
    await page.getByRole('radio', { name: 'English' }).check();
    await has(page, 'h1', 'KIS Gateway');
    await has(page, '.quotes td.volume', /[KM]$/);
    await has(page, '.ring-span', /h/);
    expect(await read(page, 'document.documentElement.lang')).toBe('en');
    await page.reload();
    await has(page, 'h1', 'KIS Gateway');
    // What is left in the other language are names, which KIS gives in Korean alone, and which are read aloud as Korean.
    await has(page, '.ring-state', 'Valid');
    const left = await read<string>(
      page,
      `[...document.querySelectorAll('body :not(:has(*)):not([lang="ko"])')]
        .map((element) => element.textContent).filter((text) => /[가-힣]/.test(text)).join('|')`,
    );
    expect(left).toBe('');
  });

  test('begins in the language of the browser', async () => {
    const { page } = await open(dashboard.url, { locale: 'en-GB' });
    await has(page, 'h1', 'KIS Gateway');
  });

  test('is as light or dark as the system, until something else is chosen, which it remembers', async () => {
    const { page } = await open(dashboard.url, { colorScheme: 'dark' });
    const paper = () => read<string>(page, 'getComputedStyle(document.body).backgroundColor');
    await isLive(page);
    const dark = await paper();
    await page.emulateMedia({ colorScheme: 'light' });
    const light = await paper();
    expect(light).not.toBe(dark);
    await page.getByRole('radio', { name: '어둡게' }).check();
    expect(await paper()).toBe(dark);
    await page.reload();
    expect(await paper()).toBe(dark);
    expect(await page.getByRole('radio', { name: '어둡게' }).isChecked()).toBe(true);
  });

  test('says what went wrong, and what to do about it, in the language of the moment', async () => {
    const { page } = await open();
    await isLive(page);
    const hears = await listen(page);
    dashboard.fake.control({ failNext: { count: 1, trId: PRICE, kisCode: 'EGW00206', status: 500 } });
    await fetch(`${dashboard.url}/v1/quotes/005930?fresh=true`);
    await has(page, '#problems code', 'EGW00206');
    await has(page, '#problems .remedy', 'KIS 포털에서');
    await hears('EGW00206');
    await page.getByRole('radio', { name: 'English' }).check();
    await has(page, '#problems .remedy', 'Check at KIS’s portal');
  });

  test('says when it is stale, dims what is old, and is live again by itself when the gateway is', async () => {
    const { page } = await open();
    await isLive(page);
    await has(page, '.quotes td.price', /\d/);
    const hears = await listen(page);
    await dashboard.stop();
    await has(page, '#link[data-link="stale"]', /\d+초째 소식 없음/);
    await has(page, '#notice', '다시 연결하고 있습니다');
    await hears('다시 연결하고 있습니다');
    expect(await page.locator('#panels[data-link="stale"]').count()).toBe(1);
    await dashboard.start();
    await isLive(page);
    await hears('다시 실시간입니다');
    await page.locator('#notice').waitFor({ state: 'hidden' });
    expect(dashboard.fake.log().tokensIssued).toBe(1);
  });

  test('notices a connection that dies without a word, and takes another', async () => {
    const proxy = await startMuteProxy(dashboard.url);
    try {
      const { page } = await open(proxy.url);
      await isLive(page);
      proxy.mute('/events');
      await has(page, '#link[data-link="stale"]', /\d+초째 소식 없음/);
      await isLive(page);
    } finally {
      proxy.stop();
    }
  });

  test('shows the account that is chosen, where there are several', async () => {
    const appSecret = `testsecret+/=${'b'.repeat(160)}`;
    const accounts = ['first', 'second'].map((name, n) => ({
      name,
      appKey: `PSTESTTESTTESTTESTTESTTESTTESTTEST1${n}`,
      appSecret,
    }));
    const several = await startDashboard({ accounts });
    try {
      const { page } = await open(several.url);
      await isLive(page);
      await has(page, '#chart-title', '삼성전자');
      await page.getByRole('radio', { name: /^second/ }).check();
      await isLive(page);
      await has(page, '#attempts', '발급됨');
      await has(page, '.quotes td.price', /\d/);
      await has(page, '#legend', /\d/);
      expect(several.fake.log('PSTESTTESTTESTTESTTESTTESTTESTTEST11').calls).toBeGreaterThan(0);
    } finally {
      await several.end();
    }
  });

  test('asks for the gateway’s key where one is needed, and keeps it for the tab', async () => {
    const key = 'testsecret+/=-of-the-gateway';
    const guarded = await startDashboard({ env: { HOST: '0.0.0.0', GATEWAY_API_KEY: key } });
    try {
      const { page } = await open(guarded.url);
      const field = page.getByLabel('게이트웨이 키');
      await field.fill('not-the-right-one');
      await page.keyboard.press('Enter');
      await has(page, '#key-wrong', '맞지 않습니다');
      await field.fill(key);
      await page.keyboard.press('Enter');
      await isLive(page);
      expect(await field.isHidden()).toBe(true);
      await page.reload();
      await isLive(page);
      await has(page, '#chart-title', '삼성전자');
      // A browser that follows a link sends no key.
      await page.locator('.docs').click();
      await has(page, '.opblock', '/v1/quotes');
    } finally {
      await guarded.end();
    }
  });

  test('moves nothing where less motion is asked for', async () => {
    const { page } = await open(dashboard.url, { reducedMotion: 'reduce' });
    const { page: lively } = await open();
    for (const each of [page, lively]) {
      await isLive(each);
      await has(each, '.quotes td.price', /\d/);
      await read(
        each,
        `(() => {
          const { animate } = Element.prototype;
          globalThis.animated = 0;
          Element.prototype.animate = function (...given) {
            animated += 1;
            return animate.apply(this, given);
          };
        })()`,
      );
    }
    const pricesOf = (each: Page) => each.locator('.quotes td.price').allInnerTexts();
    const before = await pricesOf(page);
    await expect.poll(() => read(lively, 'animated'), { timeout: 60_000, interval: 500 }).toBeGreaterThan(0);
    await expect.poll(() => pricesOf(page), { timeout: 60_000, interval: 500 }).not.toEqual(before);
    expect(await read(page, 'animated')).toBe(0);
    const durations = await read<string[]>(
      page,
      "[...document.querySelectorAll('*')].map((element) => getComputedStyle(element).transitionDuration)",
    );
    expect(durations.filter((duration) => duration !== '0s')).toEqual([]);
  });

  test('has nothing from elsewhere, and nothing inline', async () => {
    const { page } = await open('about:blank');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).origin));
    const reply = await page.goto(dashboard.url);
    await isLive(page);
    expect(new Set(asked)).toEqual(new Set([new URL(dashboard.url).origin]));
    const policy = (await reply?.headerValue('content-security-policy')) ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
  });

  /** A burst, the cache, and an error: what a dashboard is looked at for. */
  async function makeTraffic(): Promise<void> {
    const codes = ['005930', '000660', '373220', '005380', '000270', '068270'];
    for (const period of ['day', 'week', 'month', 'day']) {
      await Promise.all(codes.map((code) => fetch(`${dashboard.url}/v1/charts/${code}?period=${period}&count=30`)));
    }
    dashboard.fake.control({ failNext: { count: 1, trId: PRICE, kisCode: 'EGW00206', status: 500 } });
    await fetch(`${dashboard.url}/v1/quotes/005930?fresh=true`);
  }

  for (const width of [1_280, 390]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      test(`meets what axe checks, contrast among it, at ${width} px in ${colorScheme}, without scrolling sideways`, async () => {
        await makeTraffic();
        const { page } = await open(dashboard.url, {
          viewport: { width, height: width === 390 ? 844 : 800 },
          deviceScaleFactor: width === 390 ? 2 : 1,
          colorScheme,
        });
        await isLive(page);
        await has(page, '.quotes td.price', /\d/);
        await has(page, '#legend', /\d/);
        await has(page, '#problems code', 'EGW00206');
        expect(await read(page, 'document.documentElement.scrollWidth <= innerWidth')).toBe(true);
        // As wide and as high as a finger needs it.
        const small = await read<string[]>(
          page,
          `[...document.querySelectorAll('a:not(.skip), button, summary, label:has(input)')].filter((element) => {
            const { width, height } = element.getBoundingClientRect();
            return width > 0 && (width < 24 || height < 24);
          }).map(({ outerHTML }) => outerHTML)`,
        );
        expect(small).toEqual([]);
        await page.evaluate(axe.source);
        const violations = await read<string[]>(
          page,
          `axe.run(document).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html)))`,
        );
        expect(violations).toEqual([]);
        await mkdir(SCREENSHOTS, { recursive: true });
        await page.screenshot({ path: `${SCREENSHOTS}${width}-${colorScheme}.png`, fullPage: true });
      });
    }
  }
});
