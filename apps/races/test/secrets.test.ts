import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findSecrets } from '../../../vitest.secrets.ts';

const secret = ['test', 'secret+/='].join('');
const jwt = ['eyJ0eXAiOiJKV1Qi', 'LCJhbGciOiJIUzUxMiJ9'].join('');

describe('T10: the output of a test run', () => {
  test.each([
    ['as it is', (text: string) => text],
    ['URL-encoded', encodeURIComponent],
    ['base64', (text: string) => Buffer.from(text).toString('base64')],
    ['base64 from the second position', (text: string) => Buffer.from(`x${text}`).toString('base64')],
    ['base64 from the third position', (text: string) => Buffer.from(`:k${text}`).toString('base64')],
  ])('is known to hold a secret or a token %s', (_, encode) => {
    for (const each of [secret.repeat(5), `${jwt}.payload.signature`]) {
      expect(findSecrets(`before ${encode(each)} after`)).toHaveLength(1);
    }
    expect(findSecrets('nothing of the kind, only testsecrets and eyJ0')).toEqual([]);
  });

  test.each([
    ['console.log', `console.log('leak', ['test', 'secret+/='].join(''))`, 1],
    ['a process of its own', `process.stdout.write(['eyJ0eXAiOiJKV1Qi', 'LCJhbGciOiJIUzUxMiJ9'].join(''))`, 1],
    ['nobody', `console.log('nothing')`, 0],
  ])('fails the run where a secret is printed by %s', (_, statement, status) => {
    const folder = mkdtempSync(join(tmpdir(), 'kis-secrets-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const watch = fileURLToPath(new URL('../../../vitest.secrets.ts', import.meta.url));
    writeFileSync(join(folder, 'leak.test.ts'), `test('prints', () => { ${statement} })`);
    writeFileSync(
      join(folder, 'vitest.config.ts'),
      `import { secretWatch } from ${JSON.stringify(watch)};
       export default { test: { globals: true, reporters: [secretWatch(), 'default'] } };`,
    );
    const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
    const { VITEST: _vitest, VITEST_WORKER_ID: _id, VITEST_POOL_ID: _pool, ...env } = process.env;
    const run = spawnSync(process.execPath, [vitest, 'run', '--root', folder], { encoding: 'utf8', env });
    expect(run.status, run.stderr).toBe(status);
    expect(run.stdout).toContain('1 passed');
  });
});
