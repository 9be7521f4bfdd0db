import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFakeKis, type FakeKis, type FakeKisOptions } from '@kis/mock';
import type { Dispatcher } from 'undici';
import { onTestFinished } from 'vitest';
import { readConfig } from '../src/config/config.ts';
import type { Env } from '../src/config/variables.ts';
import { createGateway, type Gateway } from '../src/gateway.ts';

export const APP_KEY = 'PSgateway0123456789gateway0123456789';
export const APP_SECRET: string = 'testsecret+/='.repeat(13);
export const API_KEY = 'gateway-testsecret+/=';

export const PRICE_PATH = '/uapi/domestic-stock/v1/quotations/inquire-price';
export const PRICE_URL: string = `${PRICE_PATH}?FID_COND_MRKT_DIV_CODE=J&FID_INPUT_ISCD=005930`;
export const ORDER_PATH = '/uapi/domestic-stock/v1/trading/order-cash';
export const ORDER = {
  CANO: '12345678',
  ACNT_PRDT_CD: '01',
  PDNO: '005930',
  ORD_DVSN: '01',
  ORD_QTY: '1',
  ORD_UNPR: '0',
};

export interface Stage {
  readonly gateway: Gateway;
  readonly app: Gateway['app'];
  readonly fake: FakeKis;
  readonly directory: string;
  /** All that it logged. */
  readonly logged: () => string;
}

/** A gateway of this process before a fake KIS whose market is open, for the length of a test. */
export async function startGateway(
  options: {
    readonly env?: Env;
    readonly fake?: FakeKis;
    readonly kis?: FakeKisOptions;
    readonly between?: Dispatcher.DispatcherComposeInterceptor;
  } = {},
): Promise<Stage> {
  const directory = await tempDirectory();
  const fake = options.fake ?? createFakeKis({ clock: openMarket(), ...options.kis });
  const config = await readConfig({ ...envOf(directory), ...options.env });
  let logged = '';
  const gateway = await createGateway(config, {
    dispatcher: options.between === undefined ? fake.dispatcher : fake.dispatcher.compose(options.between),
    logTo: {
      write(line) {
        logged += line;
      },
    },
  });
  onTestFinished(() => gateway.close());
  return { gateway, app: gateway.app, fake, directory, logged: () => logged };
}

/** Holds back what KIS says of the calls of a path, which it has carried out, until `release`. */
export function holdAnswers(heldPath: string): {
  readonly between: Dispatcher.DispatcherComposeInterceptor;
  /** Resolves when there is something to hold back. */
  readonly arrived: Promise<void>;
  release(): void;
} {
  let [arrive, release] = [() => {}, () => {}];
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return {
    arrived,
    release: () => release(),
    between: (dispatch) => (options, handler) => {
      if (!options.path.startsWith(heldPath)) return dispatch(options, handler);
      const late =
        <T extends readonly unknown[]>(run: ((...given: T) => unknown) | undefined) =>
        (...given: T) => {
          arrive();
          void released.then(() => run?.apply(handler, given as never));
        };
      return dispatch(options, {
        onRequestStart: (...given) => handler.onRequestStart?.(...given),
        onResponseStart: late(handler.onResponseStart),
        onResponseData: late(handler.onResponseData),
        onResponseEnd: late(handler.onResponseEnd),
        onResponseError: (...given) => handler.onResponseError?.(...given),
      });
    },
  };
}

export function envOf(directory: string): Env {
  return {
    KIS_APP_KEY: APP_KEY,
    KIS_APP_SECRET: APP_SECRET,
    KIS_USE_VIRTUAL_SERVER: 'false',
    KIS_TOKEN_FILE_PATH: join(directory, 'token.json'),
    KIS_API_RATE_LIMIT_SHARE: 'none',
    GATEWAY_API_KEY: API_KEY,
    PORT: '0',
  };
}

export async function tempDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kis-gateway-test-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A Thursday, ten in the morning in Korea, and the time that passes since. */
export function openMarket(): NonNullable<FakeKisOptions['clock']> {
  const behindMs = Date.now() - Date.parse('2026-11-26T10:00:00+09:00');
  return {
    nowMs: () => Date.now() - behindMs,
    monotonicMs: () => performance.now(),
    setTimer(ms, run) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  };
}

/** What an existing client sends with a call, once it has its token. */
export async function headersFor(
  app: Stage['app'],
  trId: string,
  appSecret = 'no secret',
): Promise<Record<string, string>> {
  const reply = await app.inject({ method: 'POST', url: '/oauth2/tokenP', payload: grant(APP_KEY, appSecret) });
  return {
    'content-type': 'application/json; charset=utf-8',
    authorization: `Bearer ${reply.json<{ access_token: string }>().access_token}`,
    appkey: APP_KEY,
    appsecret: appSecret,
    tr_id: trId,
    custtype: 'P',
  };
}

export function grant(appkey: string = APP_KEY, appsecret = 'no secret'): object {
  return { grant_type: 'client_credentials', appkey, appsecret };
}
