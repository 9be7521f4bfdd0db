import { KisApiError, KisResponseError } from './errors.ts';
import { parseText } from './fields.ts';
import type { KisBody } from './transport.ts';

/**
 * Reads KIS's envelope, the only place where that is done. The HTTP status decides nothing.
 *
 * @throws KisApiError when KIS refused; KisResponseError when the text is no envelope of KIS.
 */
export function parseReply(reply: {
  readonly status: number;
  readonly text: string;
  readonly trId: string;
  readonly retryAfterMs: number | undefined;
}): KisBody {
  const { text, ...about } = reply;
  const body = readJsonObject(text);
  if (body === undefined) throw new KisResponseError({ expected: 'a JSON object', where: 'the body', ...about });
  if (parseText(body.rt_cd) === '0') return body;

  const kisCode = parseText(body.msg_cd) ?? parseText(body.error_code) ?? '';
  if (body.rt_cd === undefined && kisCode === '') {
    throw new KisResponseError({ expected: 'a result code', where: 'rt_cd', ...about });
  }
  throw new KisApiError({
    kisCode,
    kisMessage: parseText(body.msg1) ?? parseText(body.error_description) ?? '',
    ...about,
  });
}

function readJsonObject(json: string): KisBody | undefined {
  try {
    const body: unknown = JSON.parse(json);
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as KisBody) : undefined;
  } catch {
    // Maintenance pages are HTML; the text is not quoted because it may be anything.
    return undefined;
  }
}
