import { randomBytes } from 'node:crypto';
import type { IssueAttempt } from './ports.ts';

/**
 * A random id that tells two things: with which app secret the question is put, as `secretId`, and whether `atMs` is of a
 * clock that KIS has not confirmed (`undated`).
 */
export function createAttemptId(options: { readonly secretId: string; readonly isDated: boolean }): string {
  const random = randomBytes(8).toString('hex');
  return [random, ...(options.isDated ? [] : [UNDATED]), options.secretId].join('-');
}

export function hasSecret({ id }: IssueAttempt, secretId: string): boolean {
  return id.endsWith(`-${secretId}`);
}

/** Others cannot tell from the `atMs` of such a claim how old it is. */
export function isUndated({ id }: IssueAttempt): boolean {
  return id.split('-').includes(UNDATED);
}

const UNDATED = 'undated';
