import { addMany, createCast, type Process } from './cast.ts';
import type { Point } from './points.ts';
import type { Script } from './rig.ts';

export interface SceneOptions {
  readonly stopAt: Point;
  /** KIS's and the managers'. */
  readonly intervalMs: number;
  readonly leaseMs: number;
  /** Where the token lies, instead of a directory. */
  readonly redisUrl?: string | undefined;
}

/** What the server and the survivors tell of a scene. Instants are milliseconds after the kill or the stop. */
export interface Outcome {
  /** The questions after it, as the server judged them. */
  readonly questions: readonly { readonly afterMs: number; readonly kisCode: string }[];
  readonly tokens: readonly { readonly afterMs: number; readonly hash: string; readonly expiresAtMs: number }[];
  readonly exits: readonly (number | string)[];
  readonly stderr: string;
  readonly directory: string;
  readonly key: string;
  end(): Promise<void>;
}

/** A claimant dies at a point, while three others wait or are about to begin. */
export async function killScene(script: Script, options: SceneOptions): Promise<Outcome> {
  const cast = await openScene(script, options);
  const others = await addMany(cast, 3);
  const doomed = await cast.add({ stopAt: options.stopAt });
  cast.go([doomed]);
  await doomed.said('reached');
  const asked = cast.server.fake.log().entries.length;
  cast.go(others);
  // Where the claim is not published yet there is nothing to wait for.
  if (options.stopAt !== 'before-claim-write') await Promise.all(others.map((other) => other.said('event')));
  const sinceMs = Date.now();
  doomed.signal('SIGKILL');
  await doomed.ended;
  return finish(cast, others, sinceMs, asked);
}

/** A process stands still at a point until its lease is over and another has a token; then it goes on. The first of `tokens` is its own. */
export async function freezeScene(script: Script, options: SceneOptions): Promise<Outcome> {
  const cast = await openScene(script, options);
  const [other] = await addMany(cast, 1);
  if (other === undefined) throw new RangeError('a scene needs another process');
  const frozen = await cast.add({ stopAt: options.stopAt });
  cast.go([frozen]);
  const { atMs } = await frozen.said('reached');
  const asked = cast.server.fake.log().entries.length;
  cast.go([other]);
  await other.said('token');
  const restMs = atMs + options.leaseMs + 200 - Date.now();
  if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
  frozen.signal('SIGCONT');
  return finish(cast, [frozen, other], atMs, asked);
}

function openScene(script: Script, { intervalMs, leaseMs, redisUrl }: SceneOptions): ReturnType<typeof createCast> {
  return createCast(script, {
    server: { issueIntervalMs: intervalMs, sameTokenMs: 0 },
    actors: { minIssueIntervalMs: intervalMs, leaseMs, redisUrl },
  });
}

async function finish(
  cast: Awaited<ReturnType<typeof createCast>>,
  survivors: readonly Process[],
  sinceMs: number,
  asked: number,
): Promise<Outcome> {
  const tokens = await Promise.all(survivors.map((each) => each.said('token')));
  const exits = await Promise.all(survivors.map(({ ended }) => ended));
  return {
    questions: cast.server.fake
      .log()
      .entries.slice(asked)
      .map(({ atMs, kisCode }) => ({ afterMs: atMs - sinceMs, kisCode: kisCode ?? '' })),
    tokens: tokens.map(({ atMs, hash, expiresAtMs }) => ({ afterMs: atMs - sinceMs, hash, expiresAtMs })),
    exits,
    stderr: survivors.map(({ stderr }) => stderr).join(''),
    directory: cast.directory,
    key: cast.key,
    end: cast.end,
  };
}
