import type { Actor, Script, Stage } from './rig.ts';
import { PROCESSES } from './storm-plan.ts';
import type { StormCommand, StormingOptions, StormLine } from './storming.ts';

/** Something that was done to a process. */
export interface Blow {
  readonly kind: 'kill' | 'wrong clock';
  readonly pid: number;
  readonly sinceMs: number;
  /** By the monotonic clock; absent while it lasts. */
  untilMs?: number | undefined;
}

/** Eight processes that play on, whatever is done to them: a new one takes the place of one that was killed. */
export interface Troupe {
  /** When the first eight can play, or have ended. */
  readonly ready: Promise<unknown>;
  tell(who: number, command: StormCommand): void;
  kill(who: number): void;
  /** Stops the process, and lets it go on after `forMs`. */
  freeze(who: number, forMs: number): Promise<void>;
  setClock(who: number, offsetMs: number): void;
  /** What was done at or after `sinceMs`. */
  blows(sinceMs: number): readonly Blow[];
  /** Lets all come to their end. */
  end(): Promise<void>;
}

interface Player {
  readonly actor: Actor<StormLine>;
  readonly ready: Promise<void>;
  readonly pid: number;
  stops: number;
  /** While its clock is wrong. */
  wrongClock: Blow | undefined;
}

export function createTroupe(options: {
  readonly stage: Stage;
  readonly script: Script;
  /** Of each process. */
  readonly storming: (who: number) => StormingOptions;
  onLine(who: number, line: StormLine): void;
  /** A new process is there, and knows of nothing. */
  onReplaced(who: number): void;
  /** A process has ended, or is ending, as it should not have. Its place stays empty. */
  onCrash(what: string): void;
}): Troupe {
  const { stage, script, onLine, onReplaced, onCrash } = options;
  const blows: Blow[] = [];
  const endings: Promise<void>[] = [];
  const players = Array.from({ length: PROCESSES }, (_, who) => start(who));
  let isEnding = false;

  function start(who: number): Player {
    let onReady = (): void => {};
    const ready = new Promise<void>((resolve) => {
      onReady = resolve;
    });
    const actor = stage.start<StormLine>(script, options.storming(who), (line) => {
      if (line.type === 'ready') onReady();
      // What was on its way when its process was killed is not the new one's: but what it set going counts.
      else if (players[who]?.actor === actor || line.type === 'forces') onLine(who, line);
    });
    const { pid = 0 } = actor.child;
    endings.push(
      actor.ended.then((code) => {
        const isKilled = code === 'SIGKILL' && blows.some((blow) => blow.kind === 'kill' && blow.pid === pid);
        const isClean = actor.stderr === '' && (isKilled || (isEnding && code === 0));
        if (!isClean) onCrash(`process ${who} ended with ${code} ${actor.stderr}`);
      }),
    );
    return { actor, ready, pid, stops: 0, wrongClock: undefined };
  }

  function playerOf(who: number): Player {
    const player = players[who];
    if (player === undefined) throw new RangeError(`there is no process ${who}`);
    return player;
  }

  function rightClock(player: Player): void {
    if (player.wrongClock !== undefined) player.wrongClock.untilMs = performance.now();
    player.wrongClock = undefined;
  }

  return {
    ready: Promise.all(players.map(({ actor, ready }) => Promise.race([ready, actor.ended]))),
    tell: (who, command) => playerOf(who).actor.tell(JSON.stringify(command)),
    kill(who) {
      const player = playerOf(who);
      const { actor, pid } = player;
      rightClock(player);
      const nowMs = performance.now();
      blows.push({ kind: 'kill', pid, sinceMs: nowMs, untilMs: nowMs });
      actor.signal('SIGKILL');
      players[who] = start(who);
      onReplaced(who);
    },
    async freeze(who, forMs) {
      const player = playerOf(who);
      player.stops += 1;
      player.actor.signal('SIGSTOP');
      await new Promise((resolve) => setTimeout(resolve, forMs));
      player.stops -= 1;
      if (player.stops === 0) player.actor.signal('SIGCONT');
    },
    setClock(who, offsetMs) {
      const player = playerOf(who);
      player.actor.tell(JSON.stringify({ type: 'clock', offsetMs } satisfies StormCommand));
      rightClock(player);
      if (offsetMs === 0) return;
      player.wrongClock = { kind: 'wrong clock', pid: player.pid, sinceMs: performance.now() };
      blows.push(player.wrongClock);
    },
    blows: (sinceMs) => blows.filter(({ untilMs }) => untilMs === undefined || untilMs >= sinceMs),
    async end() {
      isEnding = true;
      for (const { actor } of players) actor.child.stdin?.end();
      await Promise.all(endings);
    },
  };
}
