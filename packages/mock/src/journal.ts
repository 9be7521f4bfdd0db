import { KRX_PATH } from './hosts.ts';

/** One request of the API, as it was judged. */
export interface LogEntry {
  /** Epoch milliseconds of the moment it was judged, halfway through its latency. */
  readonly atMs: number;
  /** The first 12 hex digits of the app key's sha256; empty when no app key was sent. */
  readonly appKeyHash: string;
  readonly path: string;
  /** KIS: the header `tr_id`; empty on the oauth paths. */
  readonly trId: string;
  /** KIS: `msg_cd` or `error_code`; empty when an oauth call succeeded. */
  readonly kisCode: string;
  /** HTTP. */
  readonly status: number;
}

/** What has happened since the start or the last `clearLog`. */
export interface MockLog {
  /** Requests of /oauth2/tokenP, refused ones too. */
  readonly tokenRequests: number;
  /** Distinct tokens made: giving the same token again does not count. */
  readonly tokensIssued: number;
  /** Requests of /uapi, refused ones too. */
  readonly calls: number;
  /** EGW00201. */
  readonly refusals: number;
  /** The most accepted calls of one app key in any 1,000 ms. */
  readonly maxInWindow: number;
  /** Sockets that carried a request of /uapi; 0 without a server. */
  readonly connections: number;
  /** Requests of the Korea Exchange's API, refused ones too; they count as no `calls`. */
  readonly krxCalls: number;
  /** Oldest first, the last 10,000. */
  readonly entries: readonly LogEntry[];
}

/** What a request did besides its entry. */
export interface Effects {
  isNewToken: boolean;
  /** Accepted calls in the window that ends with this one. */
  inWindow: number;
}

export interface Journal {
  write(entry: LogEntry, effects: Effects, socket: object | undefined): void;
  read(): MockLog;
  clear(): void;
}

const KEPT = 10_000;

export function createJournal(): Journal {
  const nothing = {
    tokenRequests: 0,
    tokensIssued: 0,
    calls: 0,
    refusals: 0,
    maxInWindow: 0,
    connections: 0,
    krxCalls: 0,
  };
  let counts = { ...nothing };
  let entries: LogEntry[] = [];
  let sockets = new WeakSet<object>();

  return {
    write(entry, { isNewToken, inWindow }, socket) {
      entries.push(entry);
      // Cut back by halves: removing one from the front at every call would cost more than the call.
      if (entries.length >= 2 * KEPT) entries = entries.slice(-KEPT);
      if (entry.path === '/oauth2/tokenP') counts.tokenRequests += 1;
      if (isNewToken) counts.tokensIssued += 1;
      if (entry.path.startsWith(KRX_PATH)) counts.krxCalls += 1;
      if (!entry.path.startsWith('/uapi/')) return;
      counts.calls += 1;
      if (entry.kisCode === 'EGW00201') counts.refusals += 1;
      counts.maxInWindow = Math.max(counts.maxInWindow, inWindow);
      if (socket && !sockets.has(socket)) {
        sockets.add(socket);
        counts.connections += 1;
      }
    },
    read: () => ({ ...counts, entries: entries.slice(-KEPT) }),
    clear() {
      counts = { ...nothing };
      entries = [];
      sockets = new WeakSet();
    },
  };
}
