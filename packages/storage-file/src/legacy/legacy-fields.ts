import type { LegacyFormat } from '../events.ts';
import { readPickle } from './pickle-reader.ts';
import { decodeUtf8 } from './pickle-text.ts';

/** What stands in a token file under which name. */
export interface LegacyFields {
  readonly format: LegacyFormat;
  readonly fields: ReadonlyMap<string, unknown>;
}

/** Undefined: in none of the formats. Throws PickleError for a pickle that is cut, or of more than plain data. */
export function readLegacyFields(bytes: Buffer): LegacyFields | undefined {
  // PROTO of protocols 2 to 5, MARK of 0, EMPTY_DICT of 1.
  if ([0x80, 0x28, 0x7d].includes(bytes[0] ?? 0)) {
    const fields = readPickle(bytes);
    return fields instanceof Map ? { format: 'python-pickle', fields } : undefined;
  }
  const text = decodeUtf8(bytes);
  return text === undefined ? undefined : (readJson(text) ?? readYaml(text));
}

function readJson(text: string): LegacyFields | undefined {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
    const fields = new Map<string, unknown>(Object.entries(body));
    if (fields.has('access_token')) return { format: fields.has('expires_at') ? 'cache-json' : 'pykis-json', fields };
    return fields.has('value') && fields.has('expires_at') ? { format: 'go-json', fields } : undefined;
  } catch {
    return undefined;
  }
}

/** The two lines that kis_auth.py writes; it is no reader of YAML. */
function readYaml(text: string): LegacyFields | undefined {
  const lines = text.split('\n').map((line) => /^(token|valid-date):(.*)$/s.exec(line));
  const fields = new Map(lines.flatMap((match) => (match === null ? [] : [[match[1] ?? '', unquote(match[2] ?? '')]])));
  return fields.size > 0 ? { format: 'kis-auth-yaml', fields } : undefined;
}

/** By hand: a pattern for it takes cubic time on blanks. */
function unquote(padded: string): string {
  const text = padded.trim();
  const quote = text.charAt(0);
  const isQuoted = (quote === '"' || quote === "'") && text.length > 1 && text.endsWith(quote);
  return isQuoted ? text.slice(1, -1) : text;
}
