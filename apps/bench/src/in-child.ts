import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A process that is loaded and waits, so that many can begin at once, and be asked in turn. */
export interface Child<T> {
  /** Lets it do its work once more. What it found; undefined when it was not done in `limitMs`, and was ended. */
  run(options?: { readonly order?: string; readonly limitMs?: number }): Promise<T | undefined>;
  end(): void;
}

/** Starts a script that calls `beChild`. */
export async function startChild<T>(script: URL, args: readonly string[]): Promise<Child<T>> {
  const asBuilt = new URL('./as-built.mjs', import.meta.url).href;
  const child = fork(script, [...args], { execArgv: ['--expose-gc', '--import', asBuilt] });
  const ended = once(child, 'exit').then(([code]: (number | null)[]) => {
    throw new Error(`${script.pathname.split('/').at(-1)} ${args.join(' ')} ended with ${code}`);
  });
  // Once it has nothing more to say, nobody listens.
  ended.catch(() => {});
  const said = async () => (await Promise.race([once(child, 'message'), ended]))[0] as { readonly found?: T };
  const end = () => void child.kill('SIGKILL');

  await said();
  return {
    async run({ order = '', limitMs = 60_000 } = {}) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<undefined>((resolve) => {
        timer = setTimeout(() => {
          end();
          resolve(undefined);
        }, limitMs);
      });
      child.send(order);
      const last = await Promise.race([said(), late]);
      clearTimeout(timer);
      return last?.found;
    },
    end,
  };
}

/** The process's own side: gets ready, and whenever it is told to do its work, tells what it found. */
export async function beChild<T>(
  prepare: (args: readonly string[]) => Promise<(order: string) => Promise<T>>,
): Promise<void> {
  const work = await prepare(process.argv.slice(2));
  process.once('disconnect', () => process.exit());
  process.on('message', async (order: string) => process.send?.({ found: await work(order) }));
  process.send?.({});
}
