import { execFile } from 'node:child_process';
import { cp, mkdir, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { Copy, DockerfileParser, type Instruction } from 'dockerfile-ast';

export interface Stage {
  readonly name: string;
  readonly steps: readonly Step[];
}

interface Step {
  readonly keyword: string;
  readonly args: readonly string[];
  /** All behind the keyword, but for flags. */
  readonly text: string;
  /** Of a COPY: the stage that it copies from. */
  readonly from: string | undefined;
}

/** The stages of a Dockerfile, in their order. */
export function parseStages(content: string): Stage[] {
  const stages: { name: string; steps: Step[] }[] = [];
  for (const instruction of DockerfileParser.parse(content).getInstructions()) {
    const keyword = instruction.getKeyword();
    const args = instruction.getArguments().map((it) => it.getValue());
    if (keyword === 'FROM') stages.push({ name: args[2] ?? 'last', steps: [] });
    else
      stages
        .at(-1)
        ?.steps.push({ keyword, args, text: instruction.getArgumentsContent() ?? '', from: fromOf(instruction) });
  }
  return stages;
}

function fromOf(instruction: Instruction): string | undefined {
  return instruction instanceof Copy ? (instruction.getFromFlag()?.getValue() ?? undefined) : undefined;
}

/**
 * Does in folders what Docker would do in images: every COPY and RUN of every stage, `/app` of each being a folder of its
 * own. Gives the last one's folder.
 */
export async function runStages(stages: readonly Stage[], context: string, into: string): Promise<string> {
  const folders = new Map<string, string>();
  for (const { name, steps } of stages) {
    const folder = join(into, name, 'app');
    await mkdir(folder, { recursive: true });
    folders.set(name, folder);
    for (const { keyword, args, text, from } of steps) {
      if (keyword === 'RUN') await run(text, folder);
      if (keyword === 'COPY')
        await copy(args, folder, from === undefined ? context : join(folders.get(from) ?? '', '..'));
    }
  }
  return folders.get(stages.at(-1)?.name ?? '') ?? '';
}

async function run(command: string, cwd: string): Promise<void> {
  // As in an image: nobody is asked, and nothing of this workspace is inherited.
  const { PATH, HOME } = process.env;
  await promisify(execFile)('sh', ['-c', command], {
    cwd,
    env: { PATH, HOME, CI: 'true' },
    timeout: 240_000,
    maxBuffer: 1 << 26,
  });
}

async function copy(args: readonly string[], folder: string, source: string): Promise<void> {
  const names = args.filter((it) => !it.startsWith('--'));
  const target = names.pop() ?? '';
  const isFolder = target.endsWith('/') || target === '.';
  for (const name of names) {
    const path = join(source, name);
    const to = join(folder, target);
    // Of a folder Docker copies what is in it.
    if (name === '.') for (const entry of await readdir(path)) await cp(join(path, entry), join(to, entry), links);
    else await cp(path, isFolder ? join(to, basename(name)) : to, links);
  }
}

const links = { recursive: true, verbatimSymlinks: true } as const;
