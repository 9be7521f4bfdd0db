import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createFileStorage } from '@kis/storage-file';

/** A round, told to every contender as a line of JSON. */
export interface RoundStart {
  readonly round: number;
  readonly key: string;
  readonly expected: string | undefined;
  readonly startMs: number;
}

export type ContenderLine =
  | { readonly type: 'ready' }
  | { readonly type: 'result'; readonly round: number; readonly version: string | null; readonly error?: string };

const { directory, name } = JSON.parse(process.argv[2] ?? '') as { directory: string; name: string };
const storage = createFileStorage({ directory });
const say = (line: ContenderLine): void => void writeSync(1, `${JSON.stringify(line)}\n`);
// A soak that was interrupted leaves nobody behind: its end closes our input.
setTimeout(() => process.exit(9), 1_800_000).unref();

say({ type: 'ready' });
for await (const line of createInterface({ input: process.stdin })) {
  const { round, key, expected, startMs } = JSON.parse(line) as RoundStart;
  while (performance.timeOrigin + performance.now() < startMs);
  try {
    const attempt = { id: `${name}.${round}`, by: name, atMs: startMs, outcome: 'issued' } as const;
    const version = await storage.compareAndSet(key, expected, { attempts: [attempt], dead: [] });
    say({ type: 'result', round, version: version ?? null });
  } catch (error) {
    say({ type: 'result', round, version: null, error: String(error) });
  }
}
