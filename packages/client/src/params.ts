import { inspect } from 'node:util';
import type { KisParams } from './transport.ts';

/** Names whose values are the account's holder's own business. */
const privateName = /^(?:cano|acnt_|acct|hts_id|.*(?:pwd|passw))/i;

function redact(params: KisParams): KisParams {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, privateName.test(name) ? '[redacted]' : value]),
  );
}

// On the prototype, where copies and loops do not see them.
const redacting = {
  toJSON(this: KisParams): KisParams {
    return redact(this);
  },
  [inspect.custom](this: KisParams): KisParams {
    return redact(this);
  },
};

/**
 * What KIS wants: strings, and in a POST's body names in capitals. Account numbers do not show when it is logged.
 *
 * @throws TypeError naming the parameter that is neither a string nor a finite number.
 */
export function createParams(method: 'GET' | 'POST', given: Readonly<Record<string, string | number>>): KisParams {
  const entries = Object.entries(given).map(([name, value]): [string, string] => {
    if (typeof value !== 'string' && !Number.isFinite(value)) {
      throw new TypeError(`client: parameter \`${name}\` must be a string or a finite number, got ${typeof value}`);
    }
    return [method === 'POST' ? name.toUpperCase() : name, String(value)];
  });
  return Object.assign(Object.create(redacting), Object.fromEntries(entries));
}
