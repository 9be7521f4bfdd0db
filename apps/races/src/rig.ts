import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** One started process and what it says. */
export interface Actor<Line extends { readonly type: string }> {
  readonly child: ChildProcess;
  readonly lines: readonly Line[];
  /** Everything on stderr; what is there breaks a test. */
  readonly stderr: string;
  /** The first line, past or to come, that fits. Rejects when the process ends without one. */
  said<Type extends Line['type']>(
    type: Type,
    fits?: (line: Extract<Line, { type: Type }>) => boolean,
  ): Promise<Extract<Line, { type: Type }>>;
  tell(text: string): void;
  /** Drops the lines so far, so that thousands of rounds do not pile up. */
  forget(): void;
  signal(signal: NodeJS.Signals): void;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

export interface Stage {
  readonly directory: string;
  /** `onLine`: takes every line at once; nothing is kept for `said` then. */
  start<Line extends { readonly type: string }>(
    script: Script,
    options: unknown,
    onLine?: (line: Line) => void,
  ): Actor<Line>;
  /** Ends every process that was started and removes the directory. */
  end(): Promise<void>;
}

/** A program bundled once, so that a process starts in the time that Node takes and not in that of a compiler. */
export interface Script {
  readonly file: string;
}

/** Bundles a file of this folder into `directory`. */
export async function bundle(name: string, directory: string): Promise<Script> {
  const file = join(directory, name.replace(/\.ts$/, '.mjs'));
  await build({
    entryPoints: [fileURLToPath(new URL(name, import.meta.url))],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    // Bundled CommonJS asks for the built-in modules by `require`.
    banner: {
      js: "import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);",
    },
  });
  linkModules(directory);
  return { file };
}

/** What is asked for by `require` when it is needed, and so is in no bundle. */
const required = { 'proper-lockfile': '../../../packages/storage-file', ioredis: '..' };

function linkModules(directory: string): void {
  const modules = join(directory, 'node_modules');
  if (existsSync(modules)) return;
  mkdirSync(modules);
  for (const [name, owner] of Object.entries(required)) {
    symlinkSync(fileURLToPath(new URL(`${owner}/node_modules/${name}`, import.meta.url)), join(modules, name));
  }
}

export function createStage(): Stage {
  const root = mkdtempSync(join(tmpdir(), 'kis-races-'));
  const directory = join(root, 'cache');
  mkdirSync(directory, { mode: 0o700 });
  const actors: Actor<never>[] = [];
  return {
    directory,
    start(script, options, onLine) {
      const actor = startActor(script, options, onLine as ((line: { readonly type: string }) => void) | undefined);
      actors.push(actor as Actor<never>);
      return actor as never;
    },
    async end() {
      for (const { child } of actors) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await Promise.all(actors.map(({ ended }) => ended));
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function startActor(
  script: Script,
  options: unknown,
  onLine: ((line: { readonly type: string }) => void) | undefined,
): Actor<{ readonly type: string }> {
  const child = spawn(
    process.execPath,
    ['--unhandled-rejections=strict', '--enable-source-maps', script.file, JSON.stringify(options)],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  const lines: { readonly type: string }[] = [];
  const listeners = new Set<() => void>();
  let stderr = '';
  let isOver = false;
  const changed = (): void => {
    for (const listener of [...listeners]) listener();
  };
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdin.on('error', () => {
    // A process that was killed reads no more.
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (onLine !== undefined) {
      onLine(JSON.parse(line));
      return;
    }
    lines.push(JSON.parse(line));
    changed();
  });
  const ended = once(child, 'close').then(([code, signal]: (number | string | null)[]) => {
    isOver = true;
    changed();
    return code ?? signal ?? 'unknown';
  });
  return {
    child,
    lines,
    ended,
    get stderr() {
      return stderr;
    },
    said(type, fits = () => true) {
      return new Promise((resolve, reject) => {
        const look = (): void => {
          const found = lines.find((line) => line.type === type && fits(line as never));
          if (found === undefined && !isOver) return;
          listeners.delete(look);
          if (found === undefined) reject(new Error(`ended without "${type}": ${JSON.stringify(lines)} ${stderr}`));
          else resolve(found as never);
        };
        listeners.add(look);
        look();
      });
    },
    tell: (text) => void child.stdin.write(`${text}\n`),
    forget: () => void lines.splice(0),
    signal: (signal) => void child.kill(signal),
  };
}
