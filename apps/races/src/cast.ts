import { type MockServer, type MockServerOptions, startMockServer } from '@kis/mock';
import { tokenKey } from '@kis/token-core';
import type { ActorLine, ActorOptions } from './actor.ts';
import { type Actor, createStage, type Script } from './rig.ts';

export const account = {
  appKey: 'PSRACERACERACERACERACERACERACERACE01',
  appSecret: 'testsecret+/=testsecret+/=testsecret+/=',
  environment: 'real',
} as const;

export type Process = Actor<ActorLine>;

/** Processes of one user over one empty directory, and the server that judges them. */
export interface Cast {
  readonly server: MockServer;
  readonly directory: string;
  /** The key under which they share their token. */
  readonly key: string;
  /** One more process, loaded and ready. */
  add(options?: Partial<ActorOptions>): Promise<Process>;
  /** Lets them begin at one instant. */
  go(processes: readonly Process[]): void;
  end(): Promise<void>;
}

export async function createCast(
  script: Script,
  options: { readonly server?: MockServerOptions; readonly actors?: Partial<ActorOptions> } = {},
): Promise<Cast> {
  const server = await startMockServer({ tokenLatencyMs: 150, ...options.server });
  const stage = createStage();
  const { appKey, appSecret } = account;
  return {
    server,
    directory: stage.directory,
    key: tokenKey({ ...account, baseUrl: server.url }),
    async add(more) {
      const given = { appKey, appSecret, baseUrl: server.url, directory: stage.directory, ...options.actors, ...more };
      const actor = stage.start<ActorLine>(script, given);
      await actor.said('ready');
      return actor;
    },
    go(processes) {
      const startMs = Date.now() + 30 + 2 * processes.length;
      for (const each of processes) each.tell(String(startMs));
    },
    async end() {
      await stage.end();
      await server.close();
    },
  };
}

export function addMany(cast: Cast, count: number): Promise<Process[]> {
  return Promise.all(Array.from({ length: count }, () => cast.add()));
}
