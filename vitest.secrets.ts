import type { Reporter } from 'vitest/node';

/** What every app secret of the tests contains, and how every token of the mock begins. */
const MARKS: readonly string[] = ['testsecret+/=', 'eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzUxMiJ9'];

/** The marks that `text` shows as they are, URL-encoded, or base64-encoded from any of the three positions. */
export function findSecrets(text: string): string[] {
  return MARKS.filter((mark) =>
    [mark, encodeURIComponent(mark), ...[0, 1, 2].map((shift) => base64Core(mark, shift))].some((form) =>
      text.includes(form),
    ),
  );
}

/** The characters that stand in base64 whatever is before and after the mark. */
function base64Core(mark: string, shift: number): string {
  const encoded = Buffer.from(`${'-'.repeat(shift)}${mark}`)
    .toString('base64')
    .replace(/=+$/, '');
  return encoded.slice(shift === 0 ? 0 : shift + 1, Math.floor(((shift + mark.length) * 8) / 6));
}

/** Reads all that a test run prints, and fails the run where a secret or a token is in it. */
export function secretWatch(): Reporter {
  let output = '';
  return {
    onInit() {
      for (const stream of [process.stdout, process.stderr]) {
        const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
        stream.write = (chunk: unknown, ...rest: unknown[]) => {
          output += typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString();
          return write(chunk, ...rest);
        };
      }
    },
    onTestRunEnd() {
      const found = findSecrets(output);
      if (found.length === 0) return;
      process.exitCode = 1;
      console.error(`The tests printed ${found.length} kind of secret, which begins "${found[0]?.slice(0, 4)}…"`);
    },
  };
}
