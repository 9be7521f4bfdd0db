import type { Env, SourceDefinition } from './ports.ts';

export interface Choice {
  readonly type: string;
  readonly reason: string;
}

const kisKeys = ['KIS_APP_KEY', 'KIS_APP_SECRET', 'KIS_APP_KEY_FILE', 'KIS_APP_SECRET_FILE'];

/** By `type`, by `DATA_SOURCE_TYPE`, or by the keys that are there; without any the mock. Blank is the same as not set. */
export function chooseSource(type: string | undefined, env: Env): Choice {
  if (type !== undefined) return { type, reason: '`type` says so' };
  const isSet = (name: string) => (env[name]?.trim() ?? '') !== '';
  const named = env.DATA_SOURCE_TYPE?.trim() ?? '';
  if (named !== '') return { type: named, reason: 'DATA_SOURCE_TYPE says so' };
  const key = kisKeys.find(isSet);
  if (key !== undefined) return { type: 'kis', reason: `${key} is set` };
  if (isSet('KRX_API_KEY')) return { type: 'krx', reason: 'KRX_API_KEY is set' };
  return { type: 'mock', reason: 'neither KIS_APP_KEY nor KRX_API_KEY is set' };
}

/**
 * The definition that was chosen, when all is there that it needs.
 *
 * @throws TypeError that names what is wrong, and no value of a key.
 */
export function findSource(
  { type, reason }: Choice,
  sources: Readonly<Record<string, SourceDefinition>>,
  env: Env,
): SourceDefinition {
  const definition = Object.hasOwn(sources, type) ? sources[type] : undefined;
  if (definition === undefined) {
    const known = Object.keys(sources).join(', ');
    throw new TypeError(`data-source: there is no source \`${type}\` (${reason}); there are: ${known}`);
  }
  const missing = (definition.needs ?? []).filter((name) => (env[name]?.trim() ?? '') === '');
  if (missing.length > 0) {
    throw new TypeError(`data-source: the source \`${type}\` (${reason}) needs ${missing.join(', ')}`);
  }
  return definition;
}
