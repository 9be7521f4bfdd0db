const KEY = 'kis-gateway-key';

/** The gateway refused the key, or misses one. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
}

type Query = Readonly<Record<string, string | number | undefined>>;

export interface Gateway {
  /** @throws KeyError on 401 and 403; Error on any other answer than 2xx. */
  get(path: string, query: Query, signal: AbortSignal): Promise<Response>;
  setKey(key: string): void;
}

/** The key lives as long as the tab, and is sent in a header alone: never in an address, never in a cookie. */
export function createGateway(): Gateway {
  let key = recall();
  return {
    async get(path, query, signal) {
      const headers = key === '' ? {} : { 'x-api-key': key };
      const response = await fetch(path + textOf(query), { headers, signal, cache: 'no-store' });
      if (response.status === 401 || response.status === 403) throw new KeyError();
      if (!response.ok) throw new Error(await describe(response));
      return response;
    },
    setKey(next) {
      key = next;
      remember(next);
    },
  };
}

function recall(): string {
  try {
    return sessionStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}

function remember(key: string): void {
  try {
    sessionStorage.setItem(KEY, key);
  } catch {
    // A browser that keeps nothing asks again after a reload.
  }
}

function textOf(query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

/** Problem details where the gateway sent them. */
async function describe(response: Response): Promise<string> {
  const body = (await response.json().catch(() => ({}))) as { title?: string; detail?: string };
  return body.detail ?? body.title ?? `HTTP ${response.status}`;
}
