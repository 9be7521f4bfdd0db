import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { createOwners } from '../src/parts.ts';

const { self, isGone } = createOwners();

describe('the owner of what a process leaves behind', () => {
  test('is there as long as its process runs', () => {
    expect(self).toContain(`-${process.pid}-`);
    expect(isGone(self)).toBe(false);
  });

  test('is gone when its process has ended, and when another one has got its number', () => {
    const { pid } = spawnSync('true');
    expect(isGone(self.replace(`-${process.pid}-`, `-${pid}-`))).toBe(true);
    expect(isGone(self.replace(/\d+$/, '1'))).toBe(process.platform === 'linux');
  });

  test.each(['', 'x', '01234567-1-1', '01234567-999999999-5'])('of another host or kind is never gone: %j', (owner) => {
    expect(isGone(owner)).toBe(false);
  });
});
