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
    case 'token': {
      const { type, ...about } = event.event;
      const isBad = /failed|unconfirmed/.test(type);
      const error = 'error' in about ? { err: about.error } : about;
      log[isBad ? 'warn' : 'info']({ account, ...error }, `token ${type}`);
      break;
    }
    case 'breaker':
      log.warn({ account, state: event.event.state }, 'breaker');
      break;
    case 'rate-limit':
      log.info({ account, trId: event.trId, ...event.event, type: undefined }, `limiter ${event.event.type}`);
      break;
    case 'retry':
      log.debug({ account, trId: event.trId, attempt: event.attempt, err: event.error }, 'sent again');
      break;
  }
}

/** Neither `cause` nor further fields: an error of a stranger may have a request with all its headers there. */
function describeError(error: unknown): object {
  const { name, code, message, kisCode, stack } = error as Error & { code?: string; kisCode?: string };
  const isOurs = typeof code === 'string' && code.startsWith('ERR_');
  return { name, code, kisCode, message, ...(isOurs ? {} : { stack }) };
}
