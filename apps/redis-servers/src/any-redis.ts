import { startRedis } from './redis-server.ts';

/** A plain server for keys of one's own: others may use it at the same time, so nothing is flushed, killed or configured. */
export interface AnyRedis extends AsyncDisposable {
  readonly url: string;
  stop(): Promise<void>;
}

/** The one that `REDIS_URL` names, else one that is started. */
export async function anyRedis(): Promise<AnyRedis> {
  const url = process.env.REDIS_URL;
  if (url === undefined || url === '') return startRedis();
  const stop = async (): Promise<void> => {};
  return { url, stop, [Symbol.asyncDispose]: stop };
}
