/** A request, read. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  /** The body; undefined when there is none, or when it is no JSON object. */
  readonly fields: Readonly<Record<string, unknown>> | undefined;
  /** As it was sent, in the body (oauth) or in the header (/uapi); empty when none was. */
  readonly appKey: string;
  /** Empty when none was sent. */
  readonly trId: string;
  /** Aborts when the caller gives up. */
  readonly signal: AbortSignal;
}

/** Reads a request of the API. */
export async function readCall(request: Request, url: URL): Promise<Call> {
  const isOauth = url.pathname.startsWith('/oauth2/');
  const fields = jsonObject(await request.text());
  const appKey = isOauth ? fields?.appkey : request.headers.get('appkey');
  return {
    method: request.method,
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    fields,
    appKey: typeof appKey === 'string' ? appKey : '',
    trId: isOauth ? '' : (request.headers.get('tr_id') ?? ''),
    signal: request.signal,
  };
}

function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
