import { execFileSync } from 'node:child_process';

/** Whether there is a Python 3 here. Where there is none this says so, and on CI it fails. */
export function hasPython(): boolean {
  try {
    execFileSync('python3', ['-c', 'pass'], { timeout: 10_000 });
    return true;
  } catch {
    const text = 'python3 is not there: what it writes and reads is shown by the recorded files alone';
    if (process.env.CI !== undefined) throw new Error(text);
    console.warn(`NOT RUN: ${text}`);
    return false;
  }
}

/** What a Python program prints that is given `input`. */
export function runPython(program: string, input: Buffer = Buffer.alloc(0)): string {
  return execFileSync('python3', ['-c', program], { input, timeout: 20_000, maxBuffer: 1 << 27 }).toString();
}
