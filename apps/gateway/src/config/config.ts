import { isIP } from 'node:net';
import type { LevelWithSilent } from 'pino';
import type { AccountConfig } from './account-config.ts';
import { readAccounts } from './accounts.ts';
import { findClientFaults } from './client-faults.ts';
import { readClientVariables } from './client-variables.ts';
import { findDemoFaults } from './demo-faults.ts';
import { ConfigError, createFaults, type Faults } from './faults.ts';
import { resolvePaths } from './paths.ts';
import type { Secret } from './secret.ts';
import { readShare, type ShareConfig } from './share-config.ts';
import { readStorage, type StorageConfig } from './storage-config.ts';
import { findStorageFault } from './storage-fault.ts';
import { createVariables, type Env, type Variables } from './variables.ts';

export interface GatewayConfig {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** What orders need everywhere, and on other than loopback everything but health. */
  readonly apiKey?: Secret | undefined;
  /** Names beside `localhost` by which it may be called. */
  readonly hostNames: readonly string[];
  /** None: a fake KIS in this process is asked, on a made-up key. */
  readonly accounts: readonly AccountConfig[];
  /** What the client of an account reads where that says nothing else. */
  readonly clientVariables: Env;
  readonly storage: StorageConfig;
  readonly share: ShareConfig;
  readonly breaker: { readonly failureThreshold?: number | undefined; readonly openMs?: number | undefined };
  /** The codes on the dashboard's quote board. */
  readonly board: readonly string[];
  readonly logLevel: LevelWithSilent;
}

const LOG_LEVELS: readonly LevelWithSilent[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];
const BOARD = '005930,000660,373220,207940,005380,000270,068270,005490,035420,035720,105560,012450';
/** As many as KIS gives in one call. */
const MOST_ON_BOARD = 30;

/** Rejects with ConfigError, which names everything that is wrong. Asks KIS nothing. */
export async function readConfig(given: Env): Promise<GatewayConfig> {
  const env = resolvePaths(given);
  const faults = createFaults();
  const variables = createVariables(env, faults);
  const clientVariables = readClientVariables(env);
  const keyed = readAccounts(variables, clientVariables, faults);
  const accounts = keyed ?? [];
  const apiKey = variables.secret('GATEWAY_API_KEY', findApiKeyFault, 'Make one with `openssl rand -base64 32`');
  const storage = readStorage(variables, accounts.length, faults);
  const config: GatewayConfig = {
    host: readHost(variables, apiKey, faults),
    port: variables.integer('PORT', { least: 0, most: 65_535 }) ?? 8_080,
    apiKey,
    hostNames: readList(variables, 'GATEWAY_HOST_NAMES', '', /^[a-zA-Z0-9.-]{1,253}$/, 'host names', faults),
    accounts,
    clientVariables,
    storage,
    share: readShare(variables, storage, faults),
    breaker: {
      failureThreshold: variables.integer('KIS_API_CIRCUIT_BREAKER_THRESHOLD', { least: 1, most: 1_000 }),
      openMs: toMs(variables.seconds('KIS_API_CIRCUIT_BREAKER_TIMEOUT')),
    },
    board: readBoard(variables, faults),
    logLevel: readLogLevel(variables, faults),
  };
  await findClientFaults(accounts.length > 0 ? accounts.map((account) => account.env) : [clientVariables], faults);
  if (keyed === undefined) findDemoFaults(env, variables, faults);
  else await findStorageFault(config.storage, variables, faults);
  if (faults.list.length > 0) throw new ConfigError(faults.list);
  return config;
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function readHost(variables: Variables, apiKey: Secret | undefined, faults: Faults): string {
  const host = variables.text('HOST') ?? '127.0.0.1';
  if (host !== 'localhost' && isIP(host) === 0) {
    faults.add('HOST is no IP address', 'Set 127.0.0.1 for this host alone, 0.0.0.0 for all');
  } else if (!isLoopback(host) && apiKey === undefined) {
    faults.add(
      `HOST=${host} listens to others, and there is no good GATEWAY_API_KEY`,
      'Set GATEWAY_API_KEY (`openssl rand -base64 32`), or HOST=127.0.0.1',
    );
  }
  return host;
}

function findApiKeyFault(value: string): string | undefined {
  return /^[\x21-\x7e]{16,200}$/.test(value) ? undefined : 'is not 16 to 200 letters without blanks';
}

function readList(
  variables: Variables,
  name: string,
  byDefault: string,
  isGood: RegExp,
  what: string,
  faults: Faults,
): string[] {
  const list = (variables.text(name) ?? byDefault).split(',').map((it) => it.trim());
  const given = list.filter((it) => it !== '');
  if (!given.every((it) => isGood.test(it))) faults.add(`${name} is no list of ${what}`, 'Part them by commas');
  return given;
}

function readBoard(variables: Variables, faults: Faults): string[] {
  const name = 'GATEWAY_BOARD';
  const list = readList(variables, name, BOARD, /^(?:[0-9A-Z]{6}|Q[0-9A-Z]{6})$/, 'stock codes', faults);
  const codes = [...new Set(list)];
  if (codes.length > MOST_ON_BOARD) {
    faults.add(`${name} names ${codes.length} codes`, `Name ${MOST_ON_BOARD} at most, which KIS gives in one call`);
  }
  return codes;
}

function readLogLevel(variables: Variables, faults: Faults): LevelWithSilent {
  const value = variables.text('LOG_LEVEL') ?? 'info';
  const level = LOG_LEVELS.find((it) => it === value);
  if (level === undefined) faults.add('LOG_LEVEL is none', `Set one of ${LOG_LEVELS.join(', ')}`);
  return level ?? 'info';
}

function toMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1_000;
}
