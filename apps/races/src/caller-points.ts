import { writeSync } from 'node:fs';
import fs from 'node:fs/promises';
import { Socket } from 'node:net';
import type { RateLimiter } from '@kis/ratelimit';

/**
 * Where a process that shares a budget can be made to stop or to die. An exchange is what publishes a question to the budget: a
 * link, or a script of Redis. `'exchange-sent'` is of Redis alone: it is carried out, and its reply is not here. `'waiting'`:
 * nothing of the process is under way but its callers' wait.
 */
export type CallerPoint =
  | 'before-exchange'
  | 'exchange-sent'
  | 'exchange-answered'
  | 'call-unsent'
  | 'call-sent'
  | 'waiting';

/** Where, and which time that it is reached. */
export interface CallerStop {
  readonly at: CallerPoint;
  readonly time: number;
}

/** What it tells of it. `sent`, `unsent`: how many calls have left since it was told to stop, and how many had their turn and have not. */
export type StopLine =
  | { readonly type: 'reached'; readonly sent: number; readonly unsent: number }
  | { readonly type: 'goes-on' };

/** Puts the points into the file system and the sockets of this process. */
export interface CallerPoints {
  inLimiter(limiter: RateLimiter): RateLimiter;
  /** Says that the point is reached, and stops this very process, once: it goes on by SIGCONT, or ends by SIGKILL. */
  stopAt(stop: CallerStop): void;
}

/** Without an exchange for so long, a process whose callers wait sleeps until its next one. */
const quietMs = 30;

/** Synchronous, so that it is out before the process stands still. */
const say = (line: StopLine): void => void writeSync(1, `${JSON.stringify(line)}\n`);

export function createCallerPoints(): CallerPoints {
  const asking = new WeakSet<Socket>();
  let stop: CallerStop | undefined;
  let times = 0;
  let [started, sent] = [0, 0];
  let quiet: NodeJS.Timeout | undefined;
  let isWaiting = (): boolean => false;

  function reach(point: CallerPoint): void {
    if (point !== stop?.at) return;
    times += 1;
    if (times < stop.time) return;
    stop = undefined;
    say({ type: 'reached', sent, unsent: started - sent });
    process.kill(process.pid, 'SIGSTOP');
    say({ type: 'goes-on' });
  }

  function begin(): void {
    clearTimeout(quiet);
    reach('before-exchange');
  }

  function answer(): void {
    reach('exchange-answered');
    if (stop?.at === 'waiting') awaitQuiet();
  }

  function awaitQuiet(): void {
    clearTimeout(quiet);
    quiet = setTimeout(() => (isWaiting() ? reach('waiting') : awaitQuiet()), quietMs).unref();
  }

  const { link } = fs;
  fs.link = async (...args) => {
    begin();
    await link(...args);
    answer();
  };

  const { write, push } = Socket.prototype;
  Socket.prototype.write = function (this: Socket, ...args: Parameters<Socket['write']>) {
    const text = String(args[0]);
    const isCall = text.startsWith('GET /uapi/');
    const isExchange = /^\*\d+\r\n\$\d+\r\neval/i.test(text);
    if (isCall) reach('call-unsent');
    if (isExchange) begin();
    if (isExchange) asking.add(this);
    const isTaken = write.apply(this, args);
    if (isCall) sent += 1;
    if (isCall) reach('call-sent');
    if (isExchange) reach('exchange-sent');
    return isTaken;
  } as Socket['write'];
  Socket.prototype.push = function (this: Socket, ...args: Parameters<Socket['push']>) {
    if (asking.delete(this)) answer();
    return push.apply(this, args);
  };

  return {
    inLimiter(limiter) {
      isWaiting = () => limiter.stats().waiting > 0 && limiter.stats().inFlight === 0;
      return {
        ...limiter,
        execute(task, options) {
          return limiter.execute(() => {
            started += 1;
            try {
              return task();
            } catch (error) {
              started -= 1;
              throw error;
            }
          }, options);
        },
      };
    },
    stopAt(next) {
      stop = next;
      times = 0;
      started -= sent;
      sent = 0;
    },
  };
}
