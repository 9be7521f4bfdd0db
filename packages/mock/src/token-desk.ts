import { type AccessToken, createAccessToken } from './access-token.ts';
import type { Account } from './accounts.ts';
import type { Clock } from './ports.ts';
import { type Random, randomUuid } from './random.ts';

/** KIS gives a token again for six hours; one at a dead end at least for so long, whatever `sameTokenMs` is. */
const DEAD_END_MS = 21_600_000;

/** Gives out tokens by KIS's rules and knows all that it gave. */
export interface TokenDesk {
  readonly lifeMs: number;
  /** Undefined when the account has asked too soon: EGW00133. */
  issue(account: Account): { readonly token: AccessToken; readonly isNew: boolean } | undefined;
  find(value: string): AccessToken | undefined;
  /** The next issue makes a new one. */
  revoke(account: Account, token: AccessToken): void;
  /** Refuses all tokens of the account; `'dead-end'` goes on giving the dead one. */
  kill(account: Account, how: 'fresh' | 'dead-end'): void;
}

export function createTokenDesk(options: {
  readonly clock: Clock;
  readonly random: Random;
  readonly lifeMs: number;
}): TokenDesk {
  const { clock, random, lifeMs } = options;
  const tokens = new Map<string, AccessToken>();

  const isGivenAgain = ({ current, isDeadEnd, settings }: Account): boolean => {
    if (!current) return false;
    const ageMs = clock.monotonicMs() - current.issuedAtMonotonicMs;
    if (isDeadEnd) return ageMs < Math.max(DEAD_END_MS, settings.sameTokenMs);
    return ageMs < settings.sameTokenMs && clock.nowMs() < current.expiresAtMs;
  };

  return {
    lifeMs,
    issue(account) {
      const nowMonotonicMs = clock.monotonicMs();
      if (nowMonotonicMs - account.lastIssueMonotonicMs < account.settings.issueIntervalMs) return undefined;
      account.lastIssueMonotonicMs = nowMonotonicMs;
      if (account.current && isGivenAgain(account)) return { token: account.current, isNew: false };

      const audience = randomUuid(random);
      const token = createAccessToken({
        appKey: account.appKey,
        audience,
        nowMs: clock.nowMs(),
        nowMonotonicMs,
        lifeMs,
      });
      tokens.set(token.value, token);
      account.tokens.push(token);
      account.current = token;
      account.isDeadEnd = false;
      return { token, isNew: true };
    },
    find: (value) => tokens.get(value),
    revoke(account, token) {
      token.state = 'revoked';
      if (account.current === token) account.current = undefined;
    },
    kill(account, how) {
      for (const token of account.tokens) if (token.state === 'live') token.state = 'killed';
      if (how === 'fresh') account.current = undefined;
      else account.isDeadEnd = account.current !== undefined;
    },
  };
}
