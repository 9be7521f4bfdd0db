import type { KisClientEvent } from '@kis/client';
import { type DestinationStream, type LevelWithSilent, type Logger, pino } from 'pino';

/** Lines of JSON. Nothing that is logged bears headers, queries or bodies, in which keys, tokens and account numbers are. */
export function createLog(level: LevelWithSilent, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: describeError, req: () => undefined, res: () => undefined },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** What of the client's events is worth a line, and how much. */
export function logEvent(log: Logger, account: string, event: KisClientEvent): void {
  switch (event.type) {
    case 'token':
      logPart(log, 'token', event.event, { account });
      break;
    case 'breaker':
      log.warn({ account, state: event.event.state }, 'breaker');
      break;
    case 'rate-limit':
      logPart(log, 'limiter', event.event, { account, trId: event.trId });
      break;
    case 'retry':
      log.debug({ account, trId: event.trId, attempt: event.attempt, err: event.error }, 'sent again');
      break;
  }
}

/** An event of a part of the client: an `error` is written as all others are. */
function logPart(
  log: Logger,
  part: string,
  event: { readonly type: string; readonly error?: unknown },
  of: object,
): void {
  const { type, error, ...about } = event;
  const isBad = /failed|unconfirmed|degraded/.test(type);
  log[isBad ? 'warn' : 'info']({ ...of, ...about, ...(error === undefined ? {} : { err: error }) }, `${part} ${type}`);
}

/** Neither `cause` nor further fields: an error of a stranger may have a request with all its headers there. */
function describeError(error: unknown): object {
  const { name, code, message, kisCode, stack } = error as Error & { code?: string; kisCode?: string };
  const isOurs = typeof code === 'string' && code.startsWith('ERR_');
  return { name, code, kisCode, message, ...(isOurs ? {} : { stack }) };
}
