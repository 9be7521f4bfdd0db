import { readFileSync } from 'node:fs';
import { bodyText, fields, integer, oneOf, text } from './check.ts';
import type { Params } from './endpoints/endpoint.ts';
import { paramName } from './params.ts';
import type { Reply } from './reply.ts';

/** A reply of KIS that was written down, and the question that it answers. */
export interface RecordedReply {
  /** Of the call, which is one of /uapi, or its end. */
  readonly path: string;
  /** Default: any. KIS: the header `tr_id`. */
  readonly trId?: string | undefined;
  /** Those that the call must have, with these values; others may stand beside them. Default: none. */
  readonly params?: Readonly<Record<string, string>> | undefined;
  /** HTTP. Default: 200. */
  readonly status?: number | undefined;
  /** KIS: the header `tr_cont` of the reply. Default: none. */
  readonly trCont?: 'F' | 'M' | 'D' | 'E' | undefined;
  /** Sent as it is; an object as JSON. */
  readonly body: string | object;
}

/** What a recording is compared with. */
interface RecordedQuestion {
  readonly appKey: string;
  readonly path: string;
  readonly trId: string;
  readonly params: Params;
}

export interface Scenario {
  /** The next reply to this question, or undefined when none was recorded. */
  reply(question: RecordedQuestion): Reply | undefined;
}

/** The recorded replies to one question; each app key hears them from the first on. */
interface Track {
  readonly path: string;
  readonly trId: string | undefined;
  readonly params: readonly (readonly [string, string])[];
  readonly replies: Reply[];
  readonly given: Map<string, number>;
}

/** Replays recorded replies, or those of a JSON file; of several that fit, those that say most about the question. Throws a TypeError or RangeError that names the bad place. */
export function createScenario(source: string | readonly RecordedReply[]): Scenario {
  const recorded: unknown = typeof source === 'string' ? readJson(source) : source;
  if (!Array.isArray(recorded)) throw new TypeError('mock: `scenario` must be an array of recorded replies');

  const tracks = new Map<string, Track>();
  for (const [index, one] of recorded.entries()) {
    const { path, trId, params, reply } = readRecorded(`scenario[${index}]`, one);
    const question = JSON.stringify([path, trId, params]);
    const track: Track = tracks.get(question) ?? { path, trId, params, replies: [], given: new Map() };
    tracks.set(question, track);
    track.replies.push(reply);
  }

  const mostSpecificFirst = Array.from(tracks.values()).sort(
    (a, b) => b.params.length - a.params.length || Number(b.trId !== undefined) - Number(a.trId !== undefined),
  );

  return {
    reply(asked) {
      const track = mostSpecificFirst.find(
        ({ path, trId, params }) =>
          asked.path.endsWith(path) &&
          (trId ?? asked.trId) === asked.trId &&
          params.every(([name, value]) => asked.params.get(name) === value),
      );
      if (!track) return undefined;
      const { replies, given } = track;
      const count = given.get(asked.appKey) ?? 0;
      given.set(asked.appKey, count + 1);
      return replies[Math.min(count, replies.length - 1)];
    },
  };
}

function readJson(file: string): unknown {
  const name = `\`scenario\` ${JSON.stringify(file)}`;
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    throw new TypeError(`mock: ${name} cannot be read: ${String(error)}`, { cause: error });
  }
  try {
    return JSON.parse(content.replace(/^\uFEFF/, ''));
  } catch (error) {
    // No more of the parser's words: they may quote the file, which may be the wrong one and hold a secret.
    const [place = ''] = / at position \d+(?= \(line \d+ column \d+\)$|$)/.exec(String(error)) ?? [];
    throw new TypeError(`mock: ${name} is no JSON${place}`);
  }
}

/** What is not under /uapi is never asked for here: tokens, files of symbols; nor is what is no path. */
function readPath(name: string, given: unknown): string {
  const path = text(name, given);
  if (!/^\/?(oauth2|common)\/|\.zip$|[?#]/.test(path)) return path;
  const shown = JSON.stringify(path.replace(/[?#].*/s, '?…'));
  throw new TypeError(`mock: \`${name}\` must be a path of /uapi, or its end, without a query, got ${shown}`);
}

function readRecorded(name: string, given: unknown): Omit<Track, 'replies' | 'given'> & { readonly reply: Reply } {
  const known = ['path', 'trId', 'params', 'status', 'trCont', 'body'];
  const { path, trId, params = {}, status = 200, trCont, body } = fields(name, given, known);
  const kisCode = typeof body === 'object' && body !== null && 'msg_cd' in body ? String(body.msg_cd) : '';
  return {
    path: readPath(`${name}.path`, path),
    trId: trId === undefined ? undefined : text(`${name}.trId`, trId),
    params: readParams(`${name}.params`, params),
    reply: {
      status: integer(`${name}.status`, status, 200, 599),
      trCont: trCont === undefined ? undefined : oneOf(`${name}.trCont`, trCont, ['F', 'M', 'D', 'E']),
      body: bodyText(`${name}.body`, body),
      kisCode,
    },
  };
}

function readParams(name: string, given: unknown): Track['params'] {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new TypeError(`mock: \`${name}\` must be an object`);
  }
  const params = Object.entries(given).map(([key, value]: [string, unknown]): [string, string] => {
    if (typeof value !== 'string') throw new TypeError(`mock: \`${name}.${key}\` must be a string`);
    return [paramName(key), value];
  });
  return params.sort(([one], [other]) => (one < other ? -1 : 1));
}
