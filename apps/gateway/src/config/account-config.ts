import type { Secret } from './secret.ts';
import type { Env } from './variables.ts';

/** One app key, as it is configured. */
export interface AccountConfig {
  /** How routes, logs and metrics name it. */
  readonly name: string;
  readonly appKey: string;
  readonly appSecret: Secret;
  /** From which its calls are drawn, where that is another than the one of all accounts or of the app key. */
  readonly budget?: string | undefined;
  /** The variables that hold for this account: those of the client. */
  readonly env: Env;
}
