import type { Env } from './variables.ts';

/** What of the environment the accounts' clients read themselves. All else is the gateway's to read, and keys are among it. */
const NAMES = [
  'KIS_USE_VIRTUAL_SERVER',
  'KIS_API_BASE_URL_REAL',
  'KIS_API_BASE_URL_VIRTUAL',
  'KIS_API_RATE_LIMIT',
  'KIS_API_QUEUE_TIMEOUT',
  'KIS_CACHE_TTL_PRICE',
  'KIS_CACHE_TTL_ORDERBOOK',
  'KIS_CACHE_TTL_CHART',
  'KIS_CACHE_TTL_STOCK_INFO',
  'KIS_ACCOUNT_NUMBER',
];

/**
 * How long answers are kept where nothing else is said: as long as nobody sees that they are kept. A script that asks
 * the same a hundred times a second costs one call.
 */
const DEFAULTS: Env = {
  KIS_CACHE_TTL_PRICE: '1',
  KIS_CACHE_TTL_ORDERBOOK: '1',
  KIS_CACHE_TTL_CHART: '10',
};

/** Those that are set; blank is the same as not set. */
export function readClientVariables(env: Env): Env {
  const given = NAMES.filter((name) => env[name]?.trim()).map((name) => [name, env[name]]);
  return { ...DEFAULTS, ...Object.fromEntries(given) };
}
