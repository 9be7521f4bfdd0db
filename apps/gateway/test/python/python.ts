import { execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./plain_client.py', import.meta.url));
const INSTALL = 'apt-get install -y python3-requests';

/** Puts `requests` where Python finds it, where that needs no password, and says so; else fails with the line to run. */
export function assertRequests(): void {
  if (hasRequests()) return;
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    console.log(`Python's requests is not there, so it is installed: ${INSTALL}`);
    const options = {
      stdio: 'ignore',
      timeout: 240_000,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    } as const;
    try {
      execFileSync('apt-get', ['update'], options);
      execFileSync('apt-get', ['install', '-y', 'python3-requests'], options);
    } catch {
      // What it is worth is seen below.
    }
  }
  if (!hasRequests()) throw new Error(`Python 3 with requests is needed. Run: ${INSTALL}`);
}

function hasRequests(): boolean {
  try {
    execFileSync('python3', ['-c', 'import requests'], { stdio: 'ignore', timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}

/** What the program prints, as JSON. */
export async function runClient(
  env: Record<string, string>,
  ...args: readonly string[]
): Promise<Record<string, unknown>> {
  const { PATH, HOME } = process.env;
  const child = spawn('python3', [PROGRAM, ...args], { env: { PATH, HOME, ...env } });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`the Python program ended with ${code}: ${errors.split('\n').slice(-2).join(' ')}`);
  return JSON.parse(output) as Record<string, unknown>;
}
