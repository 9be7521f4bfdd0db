import { AsyncLocalStorage } from 'node:async_hooks';
import { writeSync } from 'node:fs';
import fs from 'node:fs/promises';
import { Socket } from 'node:net';
import type { TokenIssuer, TokenRecord, TokenStorage } from '@kis/token-core';

/**
 * Where a process can be made to stop or to die, in the order of a question. A write is what publishes a version, of a claim,
 * of a question that is about to be put, or of its answer: a link, or a command to Redis.
 */
export const points = [
  'before-claim-write',
  'after-claim-write',
  'claimed',
  'before-question-write',
  'after-question-write',
  'marked',
  'answered',
  'before-answer-write',
  'after-answer-write',
] as const;

export type Point = (typeof points)[number];

type Write = 'claim' | 'question' | 'answer';

/** Says that the point is reached and stops this very process: it goes on by SIGCONT, or ends by SIGKILL. */
export type Reach = (point: Point) => void;

export function createReach(stopAt: Point | undefined): Reach {
  let isOver = false;
  return (point) => {
    if (point !== stopAt || isOver) return;
    isOver = true;
    // Synchronous, so that it is out before the process stands still.
    writeSync(1, `${JSON.stringify({ type: 'reached', point, atMs: Date.now() })}\n`);
    process.kill(process.pid, 'SIGSTOP');
  };
}

/** Puts the points into a manager's storage and issuer, and into the file system and the sockets below: once in a process, for all its managers. */
export interface Points {
  inStorage(storage: TokenStorage, reach: Reach): TokenStorage;
  inIssuer(issuer: TokenIssuer, reach: Reach): TokenIssuer;
}

export function createPoints(): Points {
  const writing = new AsyncLocalStorage<{ readonly reach: Reach; readonly what: Write }>();
  const link = fs.link;
  fs.link = async (...args) => {
    const { reach, what } = writing.getStore() ?? { reach: () => {}, what: 'answer' };
    reach(`before-${what}-write`);
    await link(...args);
    reach(`after-${what}-write`);
  };
  // Redis carries out what has left, whatever becomes of the process that waits for its reply.
  const { write } = Socket.prototype;
  Socket.prototype.write = function (this: Socket, ...args: Parameters<Socket['write']>) {
    const { reach, what } = writing.getStore() ?? { reach: () => {}, what: 'answer' };
    reach(`before-${what}-write`);
    const isTaken = write.apply(this, args);
    reach(`after-${what}-write`);
    return isTaken;
  } as Socket['write'];

  return {
    inStorage: (storage, reach) => ({
      ...storage,
      async compareAndSet(key, expected, record) {
        const what = whatIsWritten(record);
        const version = await writing.run({ reach, what }, () => storage.compareAndSet(key, expected, record));
        if (version !== undefined && what !== 'answer') reach(what === 'claim' ? 'claimed' : 'marked');
        return version;
      },
    }),
    inIssuer: (issuer, reach) => ({
      ...issuer,
      async issue(options) {
        const answer = await issuer.issue(options);
        reach('answered');
        return answer;
      },
    }),
  };
}

function whatIsWritten({ attempts: [newest] }: TokenRecord): Write {
  if (newest?.outcome !== 'pending' || newest.leaseMs === 0) return 'answer';
  return newest.asked === true ? 'question' : 'claim';
}
