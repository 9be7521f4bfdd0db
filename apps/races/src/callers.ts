import { type MockServer, type MockServerOptions, startMockServer } from '@kis/mock';
import type { CallerCommand, CallerLine, CallerOptions } from './caller.ts';
import type { CallerStop } from './caller-points.ts';
import { account } from './cast.ts';
import { type Actor, createStage, type Script } from './rig.ts';

export type Caller = Actor<CallerLine>;
export type Done = Extract<CallerLine, { readonly type: 'done' }>;

/** Processes that share one budget, and the server that counts their calls. */
export interface Callers {
  readonly server: MockServer;
  /** Where their token is, and the budget's file. */
  readonly directory: string;
  /** One more process, with a token and ready to call. */
  add(options?: Partial<CallerOptions>): Promise<Caller>;
  /** Lets each make so many calls, all at one instant, and stop itself at `stop`; resolves with what each says when it has its answers. */
  call(callers: readonly Caller[], count: number, stop?: CallerStop): Promise<Done[]>;
  end(): Promise<void>;
}

/** As KIS is: 40 ms away, with up to 30 ms of jitter, and refusing more than 18 calls a second. */
const network = { limit: 18, latencyMs: 40, jitterMs: 30 };

export async function createCallers(
  script: Script,
  given: { readonly server?: MockServerOptions; readonly callers?: Partial<CallerOptions> } = {},
): Promise<Callers> {
  const server = await startMockServer({ ...network, ...given.server });
  const stage = createStage();
  const { appKey, appSecret } = account;
  const basis = { appKey, appSecret, baseUrl: server.url, directory: stage.directory, budget: 'races' };
  return {
    server,
    directory: stage.directory,
    async add(more) {
      const options: CallerOptions = { ...basis, ...given.callers, ...more };
      const caller = stage.start<CallerLine>(script, options);
      await caller.said('ready');
      return caller;
    },
    call(callers, count, stop) {
      const startMs = performance.timeOrigin + performance.now() + 50;
      return Promise.all(
        callers.map((caller) => {
          const before = caller.lines.length;
          caller.tell(JSON.stringify({ count, startMs, stop } satisfies CallerCommand));
          return caller.said('done', (line) => caller.lines.indexOf(line) >= before);
        }),
      );
    },
    async end() {
      await stage.end();
      await server.close();
    },
  };
}
