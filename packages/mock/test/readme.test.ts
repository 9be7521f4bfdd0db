import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as mock from '../src/index.ts';

describe('the README', () => {
  test('begins with code that runs', async () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const [, block = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
    const code = block.replace(/^import (\{.*\}) from '@kis\/mock';$/m, 'const $1 = mock;');
    expect(code).not.toBe(block);
    const printed: unknown[] = [];
    const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
    await AsyncFunction('mock', 'console', code)(mock, { log: (...values: unknown[]) => printed.push(...values) });
    expect(printed).toEqual([expect.stringMatching(/^\d+$/), 1]);
  });
});
