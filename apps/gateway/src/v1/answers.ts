import type { TSchema } from 'typebox';
import { Problem } from './schemas.ts';

/** What a route may answer: what it is for, or a problem. */
export function answers(good: TSchema): { readonly 200: TSchema; readonly '4xx': object; readonly '5xx': object } {
  const problem = { content: { 'application/problem+json': { schema: Problem } } };
  return { 200: good, '4xx': problem, '5xx': problem };
}
