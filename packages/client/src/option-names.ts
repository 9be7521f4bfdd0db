import type { KisClientOptions } from './options.ts';

const known: Readonly<Record<keyof KisClientOptions, true>> = {
  appKey: true,
  appSecret: true,
  environment: true,
  baseUrl: true,
  storage: true,
  tokens: true,
  rateLimiter: true,
  breaker: true,
  retry: true,
  timeoutMs: true,
  connections: true,
  cache: true,
  dispatcher: true,
  use: true,
  clock: true,
  onEvent: true,
};

/**
 * A mistyped name must not pass for a default.
 *
 * @throws TypeError naming the option that there is not, without its value: it may be a secret.
 */
export function checkOptionNames(options: object): void {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(known, name));
  if (unknown === undefined) return;
  const names = Object.keys(known).map((name) => `\`${name}\``);
  throw new TypeError(`client: \`${unknown}\` is no option; there are ${names.join(', ')}`);
}
