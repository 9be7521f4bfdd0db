import type { KisClientEvent } from '@kis/client';
import { describe, expect, test } from 'vitest';
import { createLog, logEvent } from '../src/log.ts';

/** The line that an event gives. */
function lineOf(event: KisClientEvent): Record<string, unknown> {
  const lines: string[] = [];
  logEvent(createLog('info', { write: (line) => void lines.push(line) }), 'main', event);
  return JSON.parse(lines[0] ?? '{}') as Record<string, unknown>;
}

const WARN = 40;

describe('the log', () => {
  test('tells of an error that a part of the client met, and of nothing that hangs on it', () => {
    const error = Object.assign(new Error('the budget cannot be reached'), { request: { appsecret: 'testsecret+/=' } });
    const lost = lineOf({
      type: 'rate-limit',
      trId: 'FHKST01010100',
      event: { type: 'degraded', peers: 2, limit: 9, windowMs: 1_000, error },
    });
    expect(lost).toMatchObject({ level: WARN, account: 'main', msg: 'limiter degraded' });
    expect(lost.err).toMatchObject({ name: 'Error', message: 'the budget cannot be reached' });
    expect(JSON.stringify(lost)).not.toContain('testsecret');
    const calm = lineOf({ type: 'rate-limit', trId: 'FHKST01010100', event: { type: 'restored' } });
    expect(calm).toMatchObject({ level: 30, msg: 'limiter restored' });
  });
});
