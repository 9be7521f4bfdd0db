import { parseArgs } from 'node:util';
import type { MockServerOptions } from './server.ts';

export const HELP = `kis-mock: a fake KIS Open API that keeps KIS's own rules

Usage: kis-mock [options]

  --port <n>                TCP port, 0 for any free one (9443)
  --host <name>             address to listen on (127.0.0.1)
  --environment <name>      real or virtual (real)
  --limit <n>               calls a second per app key (18, virtual 1)
  --issue-interval-ms <n>   between two issues of a token (60000)
  --same-token-ms <n>       a younger token is given again (21600000)
  --token-life-ms <n>       life of a token (86400000)
  --token-latency-ms <n>    of tokenP (0)
  --latency-ms <n>          of other calls (0)
  --jitter-ms <n>           up to so much more (0)
  --tail-ms <n>             up to so much more for 2 % of the calls (0)
  --symbols <n>             how many stocks (2600)
  --seed <n>                of prices and jitter (1)
  --cash <n>                won of every account at first (100000000)
  --scenario <file>         JSON with recorded replies to give (none)
  --help                    this text

GET /__log tells what was asked; POST /__control changes the rules while it runs.
`;

/** What the command line asks for: help, or a server. Throws an error whose message says which flag is wrong. */
export function readCommandLine(args: readonly string[]): 'help' | MockServerOptions {
  const flag = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: flag,
      host: flag,
      environment: flag,
      limit: flag,
      'issue-interval-ms': flag,
      'same-token-ms': flag,
      'token-life-ms': flag,
      'token-latency-ms': flag,
      'latency-ms': flag,
      'jitter-ms': flag,
      'tail-ms': flag,
      symbols: flag,
      seed: flag,
      cash: flag,
      scenario: flag,
      help: { type: 'boolean' },
    },
  });
  if (values.help) return 'help';

  const number = (name: Exclude<keyof typeof values, 'help'>): number | undefined => {
    const value = values[name];
    if (value === undefined) return undefined;
    if (!/^\d+$/.test(value)) throw new RangeError(`--${name} must be a whole number, got ${JSON.stringify(value)}`);
    return Number(value);
  };
  const { environment } = values;
  if (environment !== undefined && environment !== 'real' && environment !== 'virtual') {
    throw new RangeError(`--environment must be real or virtual, got ${JSON.stringify(environment)}`);
  }
  return {
    port: number('port') ?? 9_443,
    host: values.host,
    environment,
    limit: number('limit'),
    issueIntervalMs: number('issue-interval-ms'),
    sameTokenMs: number('same-token-ms'),
    tokenLifeMs: number('token-life-ms'),
    tokenLatencyMs: number('token-latency-ms'),
    latencyMs: number('latency-ms'),
    jitterMs: number('jitter-ms'),
    tailMs: number('tail-ms'),
    symbols: number('symbols'),
    seed: number('seed'),
    cash: number('cash'),
    scenario: values.scenario,
  };
}
