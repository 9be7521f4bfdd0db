import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = `${root}.github/workflows`;
const workflows = readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`, 'utf8'));
const find = (pattern: RegExp): string[] =>
  workflows.flatMap((text) => [...text.matchAll(pattern)].map(([, it = '']) => it));

test('every action is pinned by its commit, with its release beside it', () => {
  const uses = find(/uses: (.*)/g).filter((action) => !action.startsWith('./'));
  expect(uses.length).toBeGreaterThan(5);
  for (const action of uses) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

test('one action is of one release everywhere', () => {
  const pins = new Map(find(/uses: ([^.].*)/g).map((action) => [action.split('@')[0], action]));
  expect(new Set(find(/uses: ([^.].*)/g))).toEqual(new Set(pins.values()));
});

test('the workflows run the pnpm of package.json', () => {
  const { packageManager } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { packageManager: string };
  expect(new Set(find(/npx --yes (\S+)/g))).toEqual(new Set([packageManager]));
});
