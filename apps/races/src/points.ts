import { writeSync } from 'node:fs';
import fs from 'node:fs/promises';
import type { TokenIssuer, TokenStorage } from '@kis/token-core';

/** Where a process can be made to stop or to die. A link is the publication of a version: the first is the claim's, the second the answer's. */
export type Point =
  | 'claimed'
  | 'answered'
  | 'before-claim-link'
  | 'after-claim-link'
  | 'before-answer-link'
  | 'after-answer-link';

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

/** Puts the points of publication into the file system that the storage uses. */
export function stopAtLinks(reach: Reach): void {
  const link = fs.link;
  let links = 0;
  fs.link = async (...args) => {
    links += 1;
    const which = links === 1 ? 'claim' : 'answer';
    reach(`before-${which}-link`);
    await link(...args);
    reach(`after-${which}-link`);
  };
}

export function stopAfterClaim(storage: TokenStorage, reach: Reach): TokenStorage {
  return {
    ...storage,
    async compareAndSet(key, expected, record) {
      const version = await storage.compareAndSet(key, expected, record);
      if (version !== undefined && record.attempts[0]?.outcome === 'pending') reach('claimed');
      return version;
    },
  };
}

export function stopAfterAnswer(issuer: TokenIssuer, reach: Reach): TokenIssuer {
  return {
    ...issuer,
    async issue(options) {
      const answer = await issuer.issue(options);
      reach('answered');
      return answer;
    },
  };
}
