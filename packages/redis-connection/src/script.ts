import { createHash } from 'node:crypto';

export interface RedisScript {
  readonly lua: string;
  readonly sha1: string;
}

/** A script, and the name by which Redis knows it once it has seen it. */
export function defineScript(lua: string): RedisScript {
  return { lua, sha1: createHash('sha1').update(lua).digest('hex') };
}
