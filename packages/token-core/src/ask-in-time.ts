import { TokenIssueError } from './errors.ts';
import type { Clock, TokenIssuer } from './ports.ts';

/** After a stop, timers run before sockets are read: an answer that has been lying there gets this long. */
const GRACE_MS = 1_000;

/** The issuer's answer within its own `timeoutMs`: an issuer that does not keep to it holds nobody up for ever. */
export function askInTime(issuer: TokenIssuer, clock: Clock): ReturnType<TokenIssuer['issue']> {
  const controller = new AbortController();
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      const error = new TokenIssueError(`The issuer gave no answer within ${issuer.timeoutMs} ms`);
      controller.abort(error);
      reject(error);
    };
    let cancel = clock.setTimer(
      issuer.timeoutMs,
      () => {
        cancel = clock.setTimer(GRACE_MS, giveUp, { ref: false });
      },
      { ref: false },
    );
    Promise.resolve()
      .then(() => issuer.issue({ signal: controller.signal }))
      .then(resolve, reject)
      .finally(() => cancel());
  });
}
