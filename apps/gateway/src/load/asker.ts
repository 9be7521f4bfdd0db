import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { LoadOrder, LoadReport } from './generator.ts';

/** Whoever asks, and what it is measured by, each in a process of its own. */
export interface Asker {
  /** Asks so often and so long. */
  run(order: LoadOrder): Promise<LoadReport>;
  /** Starts a bare `node:http` server that gives this answer to all, and gives its address. */
  serveBare(answer: string): Promise<string>;
  close(): void;
}

export function createAsker(): Asker {
  const generator = start(new URL('./generator.ts', import.meta.url));
  const bare = start(new URL('./floor.ts', import.meta.url));
  return {
    run: (order) => tell(generator, order),
    serveBare: (answer) => tell(bare, answer),
    close() {
      for (const child of [generator, bare]) child.kill();
    },
  };
}

function start(file: URL): ChildProcess {
  return fork(file, { execArgv: ['--import', 'tsx'] });
}

async function tell<T>(child: ChildProcess, message: string | LoadOrder): Promise<T> {
  child.send(message);
  const [answer] = (await once(child, 'message')) as [T];
  return answer;
}
