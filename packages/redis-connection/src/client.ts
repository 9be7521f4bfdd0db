/** What is used of a client of ioredis, be it a `Redis` or a `Cluster`. */
export interface RedisClient {
  call(command: string, ...args: (string | number)[]): Promise<unknown>;
  duplicate(...args: never[]): unknown;
  /** Of a `Cluster`. */
  nodes?(): readonly RedisClient[];
}

/** A client of our own: connected when it is told, once, and closed by us. */
export interface OwnClient extends RedisClient {
  connect(): Promise<void>;
  subscribe(channel: string): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  on(event: string, listener: (...args: never[]) => void): unknown;
  disconnect(): void;
  /** Its socket. */
  readonly stream?: { unref?(): unknown } | undefined;
}
