import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileStorage } from '@kis/storage-file';
import { createTokenManager, type Token } from '@kis/token-core';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { account } from '../src/cast.ts';

const token = (name: string): Token => ({
  value: name.padEnd(120, '.'),
  issuedAtMs: Date.now(),
  expiresAtMs: Date.now() + 86_400_000,
});

/** Whoever starts on `directory`: the token it gets, and how often it asks for one. */
async function start(directory: string): Promise<{ readonly value: string; readonly issues: number }> {
  const storage = createFileStorage({ directory });
  let issues = 0;
  const tokens = createTokenManager({
    ...account,
    storage,
    issuer: {
      timeoutMs: 1_000,
      issue: async () => {
        issues += 1;
        return { token: token('another') };
      },
    },
  });
  const { value } = await tokens.getToken();
  await tokens.close();
  await storage.close?.();
  return { value, issues };
}

/** Ways to ruin a file of `length` bytes. */
function damage(length: number): fc.Arbitrary<(bytes: Buffer) => Buffer> {
  const at = fc.nat(length - 1);
  return fc.oneof(
    at.map((end) => (bytes: Buffer) => bytes.subarray(0, end)),
    fc.tuple(at, fc.integer({ min: 1, max: 255 })).map(([i, mask]) => (bytes: Buffer) => {
      const flipped = Buffer.from(bytes);
      flipped[i] = (flipped[i] ?? 0) ^ mask;
      return flipped;
    }),
    at.map((from) => (bytes: Buffer) => Buffer.concat([bytes.subarray(0, from), Buffer.alloc(length - from)])),
    fc.uint8Array({ maxLength: 2_000 }).map((garbage) => () => Buffer.from(garbage)),
    fc.constantFrom('', 'null', '[]', '{}', '\uFEFF', '0').map((text) => () => Buffer.from(text)),
    at.map((i) => (bytes: Buffer) => Buffer.concat([bytes.subarray(i), bytes.subarray(0, i)])),
    fc.constant((bytes: Buffer) => Buffer.concat([bytes, bytes])),
  );
}

describe('a token file that was damaged', () => {
  test('in any of a thousand ways crashes nobody and costs one issue at most; an undamaged one costs none', async () => {
    const root = mkdtempSync(join(tmpdir(), 'kis-damage-'));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    const original = join(root, 'original');
    const first = await start(original);
    expect(first.issues).toBe(1);
    // The claim, its question, and the token.
    const name = readdirSync(original).find((each) => /\.v3\.json$/.test(each)) as string;
    const bytes = readFileSync(join(original, name));

    let run = 0;
    await fc.assert(
      fc.asyncProperty(damage(bytes.length), async (ruin) => {
        run += 1;
        const place = (kind: string, content: Buffer): string => {
          const directory = join(root, `${kind}-${run}`);
          mkdirSync(directory, { mode: 0o700 });
          writeFileSync(join(directory, name), content, { mode: 0o600 });
          return directory;
        };
        const ruined = ruin(bytes);
        const damaged = place('damaged', ruined);
        const control = place('control', bytes);

        expect(await start(control)).toEqual({ value: first.value, issues: 0 });
        const { issues } = await start(damaged);
        expect(issues).toBe(ruined.equals(bytes) ? 0 : 1);
        // What the first one put in order serves the next.
        expect((await start(damaged)).issues).toBe(0);
        for (const directory of [damaged, control]) rmSync(directory, { recursive: true });
      }),
      { numRuns: 1_000 },
    );
  }, 240_000);
});
